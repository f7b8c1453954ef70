-- ClickBench Q12.
-- The last keys of ORDER BY are not in the original: they decide between equals, so that engines agree.
SELECT MobilePhone, MobilePhoneModel, COUNT(DISTINCT UserID) AS u
FROM hits
WHERE MobilePhoneModel <> ''
GROUP BY MobilePhone, MobilePhoneModel
ORDER BY u DESC, MobilePhone, MobilePhoneModel
LIMIT 10;
