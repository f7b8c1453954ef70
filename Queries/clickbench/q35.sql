-- ClickBench Q35.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT 1, URL, COUNT(*) AS c
FROM hits
GROUP BY 1, URL
ORDER BY c DESC, URL
LIMIT 10;
