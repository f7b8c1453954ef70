-- 30,000 customers a scale factor.
SELECT CAST(c_custkey AS INT) AS c_custkey,
       c_name,
       c_address,
       concat(rpad(substr(n_name, 1, 9), 9, ' '), c_custkey * 7919 DIV 13 % 10) AS c_city,
       n_name AS c_nation,
       r_name AS c_region,
       c_phone,
       c_mktsegment
FROM tpch('customer', {scale}) AS customer, tpch('nation', {scale}) AS nation, tpch('region', {scale}) AS region
WHERE c_nationkey = n_nationkey
  AND n_regionkey = r_regionkey
  AND c_custkey <= greatest(1, 30000 * {scale})
ORDER BY c_custkey
