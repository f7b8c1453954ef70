-- ClickBench Q19.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT UserID, extract(minute FROM EventTime) AS m, SearchPhrase, COUNT(*)
FROM hits
GROUP BY UserID, m, SearchPhrase
ORDER BY COUNT(*) DESC, UserID, m, SearchPhrase
LIMIT 10;
