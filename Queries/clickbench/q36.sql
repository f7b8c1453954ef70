-- ClickBench Q36.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT ClientIP, ClientIP - 1, ClientIP - 2, ClientIP - 3, COUNT(*) AS c
FROM hits
GROUP BY ClientIP, ClientIP - 1, ClientIP - 2, ClientIP - 3
ORDER BY c DESC, ClientIP
LIMIT 10;
