-- ClickBench Q1.
SELECT COUNT(*)
FROM hits;
