-- 200,000 * (1 + log2 of the scale factor) parts, fewer below scale 1. Five makers have five
-- categories each, and a category has forty brands.
WITH maker AS
  (SELECT *,
          right(p_mfgr, 1) AS maker_digit,
          right(p_brand, 1) AS category_digit,
          p_partkey * 6007 DIV 11 % 40 + 1 AS brand_number
   FROM tpch('part', {scale}))
SELECT CAST(p_partkey AS INT) AS p_partkey,
       substring_index(p_name, ' ', 2) AS p_name,
       concat('MFGR#', maker_digit) AS p_mfgr,
       concat('MFGR#', maker_digit, category_digit) AS p_category,
       concat('MFGR#', maker_digit, category_digit, brand_number) AS p_brand1,
       substring_index(p_name, ' ', 1) AS p_color,
       p_type,
       CAST(p_size AS INT) AS p_size,
       p_container
FROM maker
WHERE p_partkey <= 200000 * least({scale}, 1 + floor(log2(greatest(1, {scale}))))
ORDER BY p_partkey
