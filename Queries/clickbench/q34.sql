-- ClickBench Q34.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT URL, COUNT(*) AS c
FROM hits
GROUP BY URL
ORDER BY c DESC, URL
LIMIT 10;
