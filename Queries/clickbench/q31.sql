-- ClickBench Q31.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT SearchEngineID, ClientIP, COUNT(*) AS c, SUM(IsRefresh), AVG(ResolutionWidth)
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchEngineID, ClientIP
ORDER BY c DESC, SearchEngineID, ClientIP
LIMIT 10;
