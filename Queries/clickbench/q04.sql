-- ClickBench Q4.
SELECT AVG(UserID)
FROM hits;
