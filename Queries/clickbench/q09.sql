-- ClickBench Q9.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT RegionID, COUNT(DISTINCT UserID) AS u
FROM hits
GROUP BY RegionID
ORDER BY u DESC, RegionID
LIMIT 10;
