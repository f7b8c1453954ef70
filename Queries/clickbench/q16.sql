-- ClickBench Q16.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT UserID, COUNT(*)
FROM hits
GROUP BY UserID
ORDER BY COUNT(*) DESC, UserID
LIMIT 10;
