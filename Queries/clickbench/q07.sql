-- ClickBench Q7.
SELECT MIN(EventDate), MAX(EventDate)
FROM hits;
