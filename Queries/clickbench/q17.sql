-- ClickBench Q17.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT UserID, SearchPhrase, COUNT(*)
FROM hits
GROUP BY UserID, SearchPhrase
ORDER BY COUNT(*) DESC, UserID, SearchPhrase
LIMIT 10;
