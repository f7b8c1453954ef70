-- 2,000 suppliers a scale factor. A city is a nation's first nine letters and a digit.
SELECT CAST(s_suppkey AS INT) AS s_suppkey,
       s_name,
       s_address,
       concat(rpad(substr(n_name, 1, 9), 9, ' '), s_suppkey * 7919 DIV 13 % 10) AS s_city,
       n_name AS s_nation,
       r_name AS s_region,
       s_phone
FROM tpch('supplier', {scale}) AS supplier, tpch('nation', {scale}) AS nation, tpch('region', {scale}) AS region
WHERE s_nationkey = n_nationkey
  AND n_regionkey = r_regionkey
  AND s_suppkey <= greatest(1, 2000 * {scale})
ORDER BY s_suppkey
