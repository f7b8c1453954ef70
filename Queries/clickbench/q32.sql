-- ClickBench Q32.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT WatchID, ClientIP, COUNT(*) AS c, SUM(IsRefresh), AVG(ResolutionWidth)
FROM hits
WHERE SearchPhrase <> ''
GROUP BY WatchID, ClientIP
ORDER BY c DESC, WatchID, ClientIP
LIMIT 10;
