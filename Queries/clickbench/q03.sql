-- ClickBench Q3.
SELECT SUM(AdvEngineID), COUNT(*), AVG(ResolutionWidth)
FROM hits;
