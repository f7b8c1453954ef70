-- ClickBench Q39.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT URL, COUNT(*) AS PageViews
FROM hits
WHERE CounterID = 62
  AND EventDate >= '2013-07-01'
  AND EventDate <= '2013-07-31'
  AND IsRefresh = 0
  AND IsLink <> 0
  AND IsDownload = 0
GROUP BY URL
ORDER BY PageViews DESC, URL
LIMIT 10 OFFSET 1000;
