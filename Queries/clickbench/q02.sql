-- ClickBench Q2.
SELECT COUNT(*)
FROM hits
WHERE AdvEngineID <> 0;
