-- ClickBench Q6.
SELECT COUNT(DISTINCT SearchPhrase)
FROM hits;
