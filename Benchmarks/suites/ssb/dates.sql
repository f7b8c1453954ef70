-- The days of the seven years from 1992 to 1998.
WITH days AS
  (SELECT date_add(CAST('1992-01-01' AS DATE), INTERVAL generate_series DAY) AS day
   FROM TABLE(generate_series(0, 2556)))
SELECT CAST(date_format(day, '%Y%m%d') AS INT) AS d_datekey,
       date_format(day, '%M %e, %Y') AS d_date,
       dayname(day) AS d_dayofweek,
       monthname(day) AS d_month,
       CAST(year(day) AS INT) AS d_year,
       CAST(date_format(day, '%Y%m') AS INT) AS d_yearmonthnum,
       concat(substr(monthname(day), 1, 3), year(day)) AS d_yearmonth,
       CAST(dayofweek(day) AS INT) AS d_daynuminweek,
       CAST(dayofmonth(day) AS INT) AS d_daynuminmonth,
       CAST(dayofyear(day) AS INT) AS d_daynuminyear,
       CAST(month(day) AS INT) AS d_monthnuminyear,
       CAST((dayofyear(day) - 1) DIV 7 + 1 AS INT) AS d_weeknuminyear,
       CASE
           WHEN month(day) = 12 THEN 'Christmas'
           WHEN month(day) IN (6, 7, 8) THEN 'Summer'
           WHEN month(day) IN (3, 4, 5) THEN 'Spring'
           WHEN month(day) IN (9, 10) THEN 'Fall'
           ELSE 'Winter'
       END AS d_sellingseason,
       CAST(dayofweek(day) = 7 AS INT) AS d_lastdayinweekfl,
       CAST(day = last_day(day) AS INT) AS d_lastdayinmonthfl,
       CAST(date_format(day, '%m%d') IN ('0101', '0214', '0704', '1031', '1225') AS INT)
           AS d_holidayfl,
       CAST(dayofweek(day) BETWEEN 2 AND 6 AS INT) AS d_weekdayfl
FROM days
ORDER BY d_datekey
