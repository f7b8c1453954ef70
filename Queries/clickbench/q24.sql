-- ClickBench Q24.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT *
FROM hits
WHERE URL LIKE '%google%'
ORDER BY EventTime, WatchID
LIMIT 10;
