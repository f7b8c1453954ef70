-- ClickBench Q21.
SELECT COUNT(*)
FROM hits
WHERE URL LIKE '%google%';
