-- ClickBench Q15.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT SearchEngineID, SearchPhrase, COUNT(*) AS c
FROM hits
WHERE SearchPhrase <> ''
GROUP BY SearchEngineID, SearchPhrase
ORDER BY c DESC, SearchEngineID, SearchPhrase
LIMIT 10;
