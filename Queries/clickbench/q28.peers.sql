-- ClickBench Q28 for DuckDB.
SELECT CounterID, AVG(strlen(URL)) AS l, COUNT(*) AS c
FROM hits
WHERE URL <> ''
GROUP BY CounterID
HAVING COUNT(*) > 100000
ORDER BY l DESC
LIMIT 25;
