-- ClickBench Q28.
-- StarRocks' length() counts bytes, DuckDB's characters; see the .peers file.
SELECT CounterID, AVG(length(URL)) AS l, COUNT(*) AS c
FROM hits
WHERE URL <> ''
GROUP BY CounterID
HAVING COUNT(*) > 100000
ORDER BY l DESC
LIMIT 25;
