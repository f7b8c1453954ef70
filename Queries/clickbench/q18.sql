-- ClickBench Q18.
-- Any rows will do: there is no ORDER BY.
SELECT UserID, SearchPhrase, COUNT(*)
FROM hits
GROUP BY UserID, SearchPhrase
LIMIT 10;
