-- ClickBench Q14.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT SearchPhrase, COUNT(DISTINCT UserID) AS u
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchPhrase
ORDER BY u DESC, SearchPhrase
LIMIT 10;
