-- ClickBench Q10.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT RegionID, SUM(AdvEngineID), COUNT(*) AS c, AVG(ResolutionWidth), COUNT(DISTINCT UserID)
FROM hits
GROUP BY RegionID
ORDER BY c DESC, RegionID
LIMIT 10;
