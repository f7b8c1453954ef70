-- An order line: TPC-H's lineitem and orders as one table. Money is in whole cents, rates are in
-- percent, dates are numbers such as 19940131, and keys are folded to the sizes of SSB's tables.
WITH sizes AS
  (SELECT CAST(greatest(1, 30000 * {scale}) AS BIGINT) AS customers,
          CAST(greatest(1, 2000 * {scale}) AS BIGINT) AS suppliers,
          CAST(200000 * least({scale}, 1 + floor(log2(greatest(1, {scale})))) AS BIGINT) AS parts)
SELECT l_orderkey AS lo_orderkey,
       CAST(l_linenumber AS INT) AS lo_linenumber,
       CAST((o_custkey - 1) % customers + 1 AS INT) AS lo_custkey,
       CAST((l_partkey - 1) % parts + 1 AS INT) AS lo_partkey,
       CAST((l_suppkey - 1) % suppliers + 1 AS INT) AS lo_suppkey,
       CAST(date_format(o_orderdate, '%Y%m%d') AS INT) AS lo_orderdate,
       o_orderpriority AS lo_orderpriority,
       CAST(o_shippriority AS VARCHAR) AS lo_shippriority,
       CAST(l_quantity AS INT) AS lo_quantity,
       CAST(l_extendedprice * 100 AS INT) AS lo_extendedprice,
       CAST(o_totalprice * 100 AS INT) AS lo_ordtotalprice,
       CAST(l_discount * 100 AS INT) AS lo_discount,
       CAST(l_extendedprice * (100 - l_discount * 100) AS BIGINT) AS lo_revenue,
       CAST(l_extendedprice * 60 / l_quantity AS INT) AS lo_supplycost,
       CAST(l_tax * 100 AS INT) AS lo_tax,
       CAST(date_format(l_commitdate, '%Y%m%d') AS INT) AS lo_commitdate,
       l_shipmode AS lo_shipmode
FROM tpch('lineitem', {scale}) AS lineitem, tpch('orders', {scale}) AS orders, sizes
WHERE l_orderkey = o_orderkey
