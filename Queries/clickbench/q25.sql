-- ClickBench Q25.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT SearchPhrase
FROM hits
WHERE SearchPhrase <> ''
ORDER BY EventTime, WatchID
LIMIT 10;
