-- ClickBench Q13.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT SearchPhrase, COUNT(*) AS c
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchPhrase
ORDER BY c DESC, SearchPhrase
LIMIT 10;
