-- ClickBench Q11.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT MobilePhoneModel, COUNT(DISTINCT UserID) AS u
FROM hits
WHERE MobilePhoneModel <> ''
GROUP BY MobilePhoneModel
ORDER BY u DESC, MobilePhoneModel
LIMIT 10;
