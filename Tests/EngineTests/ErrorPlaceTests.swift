// Where in the text errors point: at the words that are wrong, and at the statement where no word
// alone is.

import Starling
import Testing

struct ErrorPlaceTests {
    private let session = Database().makeSession()

    /// `^` stands in front of the place.
    @Test(
        arguments: [
            "SELECT x, ^y + 1 FROM t GROUP BY x", "SELECT x, 1 + ^y FROM t GROUP BY x",
            "SELECT x + ^y FROM t GROUP BY x", "SELECT x, sum(y) + ^y FROM t GROUP BY x",
            "SELECT x FROM t GROUP BY x ORDER BY ^y",
            "SELECT x FROM t GROUP BY x HAVING ^y > 1", "SELECT ^* FROM t GROUP BY x",
            "SELECT 1 FROM t WHERE x IN (SELECT x FROM ^broken)", "SELECT * FROM ^over_broken AS o",
            "SHOW PARTITIONS FROM ^tt", "DROP MATERIALIZED VIEW ^m",
            "SELECT /*+ SET_VAR(query_timeout = ^'soon') */ 1",
            "SELECT /*+ SET_VAR(^query_timeot = 1) */ 1",
            "SELECT 1 FROM t GROUP BY CUBE(1, x, y, 1, 1, 1, 1, 1, 1, 1, 1, 1, ^x)",
            "INSERT INTO t VALUES (1, 2), (^'a', 3)", "INSERT INTO t (x, ^x) VALUES (1, 2)",
            "SELECT ^1e400", "SELECT 1 + ^99999999999999999999999999999999999999999999",
            "SELECT * FROM ^gone.t", "CREATE TABLE u (a INT) DUPLICATE KEY (^b)",
            "WITH c AS (SELECT 1), ^c AS (SELECT 2) SELECT 3", "SET sql_mode = ^'NOPE'",
            "DROP DATABASE ^main", "SHOW ^",
            "SELECT x, grouping(^y) FROM t GROUP BY ROLLUP(x)",
            "SELECT x, 1 + grouping_id(x, ^y + 1) FROM t GROUP BY x",
            "SELECT x FROM t GROUP BY x HAVING grouping(^y) = 0",
            "SELECT 2, 1 + ^grouping(x) FROM t", "SELECT x FROM t ORDER BY ^grouping(x)",
            "SELECT x FROM t WHERE ^grouping(x) = 1 GROUP BY x",
            "SELECT * FROM t, ^generate_series(x)", "SELECT * FROM ^generate_series(1, 'a')",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL ^SELECT n, 2 FROM r) SELECT 1",
        ])
    func errorsPointAtWords(_ marked: String) throws {
        try check(marked)
    }

    /// An option that there is none of is marked by its name, a wrong one by its value.
    @Test(
        arguments: [
            "COPY t TO '/nowhere/x.parquet' (^COMPRESION zstd)",
            "COPY t TO '/nowhere/x.parquet' (crc true, COMPRESSION ^zstdd)",
            "COPY t TO '/nowhere/x.parquet' (compression gzip, compression_level ^99)",
            "COPY t TO '/nowhere/x.parquet' (compression brotli, compression_level ^12)",
            "COPY t TO '/nowhere/x.parquet' (row_group_size ^0)",
            "COPY t TO '/nowhere/x.parquet' (codec zstd, ^compression zstd)",
            "COPY t TO '/nowhere/x.parquet' (PARTITION_BY ^(x, z))",
            "COPY t TO '/nowhere/x' (format csv, HEADER ^maybe)", "COPY t TO ^'/nowhere/x.parqet'",
            "COPY t TO '/nowhere/x' (FORMAT ^parqet)", "COPY t TO ^'/nowhere/x.avro'",
            "COPY t TO '/nowhere/x.arrow' (compression ^'gzip')",
            "COPY t TO '/nowhere/x' (format csv, ^format json)",
            "COPY t FROM '/etc/passwd' (format ^'parqet')",
            "COPY t FROM '/nowhere/x.csv' (delim ';', ^delim ',')",
            "SELECT * FROM t INTO OUTFILE '/nowhere/x_' FORMAT AS ^parqet",
            "SELECT * FROM t INTO OUTFILE '/nowhere/x_' PROPERTIES ('format' = ^'parqet')",
            "SELECT * FROM t INTO OUTFILE '/nowhere/x_' FORMAT AS csv PROPERTIES (^'colum' = '1')",
            """
            INSERT INTO FILES ('path' = '/nowhere/x_', 'format' = 'parquet', \
            'compression' = ^'no such') SELECT 1
            """,
            "INSERT INTO FILES ('path' = '/nowhere/x_', ^'path' = '/nowhere/y_') SELECT 1",
            "SELECT 1 FROM FILES ('path' = '/nowhere/x', ^'path' = '/nowhere/y')",
            "SELECT 1 FROM FILES ('path' = '/etc/passwd', 'format' = ^'csw')",
            "CREATE TABLE u (a INT) PROPERTIES ('snapshot_retention' = ^'soon')",
            "CREATE TABLE u (a INT) PROPERTIES ('bloom_filter_columns' = ^'b')",
            "CREATE TABLE u (a JSON) PROPERTIES ('flat_json.null.factor' = ^'2')",
            "ALTER TABLE t SET ('snapshot_retention' = ^'soon')",
            "INSERT INTO t PROPERTIES (^'strict_mod' = 'true') SELECT 1, 2",
            "CREATE MATERIALIZED VIEW v PROPERTIES (^'refresh_mod' = 'auto') AS SELECT x FROM t",
            "CREATE MATERIALIZED VIEW v PROPERTIES ('refresh_mode' = ^'now') AS SELECT x FROM t",
        ])
    func errorsPointAtOptions(_ marked: String) throws {
        try check(marked)
    }

    /// What comes to light only over values points at the call, whatever rules made of it.
    @Test(
        arguments: [
            "SELECT 1, ^sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1) AS u",
            "SELECT x FROM t WHERE y > 0 AND ^assert_true(x > 1, 'small')",
            "SELECT 2 + ^x * 4611686018427387904 * 4 FROM t",
            "SELECT abs(^array_sum([x, 9223372036854775807])) FROM t",
            "SELECT x, ^ntile(x - 1) OVER (ORDER BY x) FROM t",
            "SELECT 7, z FROM (SELECT ^nth_value(x, x - 5) OVER (ORDER BY y) AS z FROM t) AS u",
            "SELECT count(*) FROM ^failing AS f WHERE a > 0",
            "INSERT INTO t SELECT x, ^concat('a', x) FROM t",
            "INSERT INTO t (y, x) SELECT ^'a', 1 FROM t",
            "SELECT * FROM ^generate_series(1, 5, 0)",
            "SELECT x, g FROM t, ^generate_series(x, 5, y - 1) AS s(g)",
            "WITH RECURSIVE ^r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
        ])
    func errorsOverValuesPointAtCalls(_ marked: String) throws {
        _ = try session.execute("CREATE TABLE seed (a INT)")
        _ = try session.execute(
            "CREATE VIEW failing AS SELECT array_sum([a, 9223372036854775807]) AS a FROM seed")
        _ = try session.execute("INSERT INTO seed VALUES (1)")
        try check(marked)
    }

    /// The whole of what is wrong is marked, and not more.
    @Test func columnsOutsideOfGroupsAreMarked() throws {
        _ = try session.execute("CREATE TABLE g (x INT, y INT)")
        do {
            _ = try session.execute("SELECT x, sum(y) + abs(y) FROM g GROUP BY x")
            Issue.record("the query is accepted")
        } catch {
            #expect(error.position == 23)
            #expect(
                error.excerpt?.hasSuffix("\n" + String(repeating: " ", count: 23) + "^") == true)
        }
    }

    private func check(_ marked: String) throws {
        for sql in [
            "CREATE TABLE t (x INT, y INT)", "CREATE TABLE base (a INT)",
            "CREATE VIEW broken AS SELECT a AS x FROM base",
            "CREATE VIEW over_broken AS SELECT x FROM broken", "DROP TABLE base",
            "INSERT INTO t VALUES (1, 1)",
        ] { _ = try session.execute(sql) }
        let parts = marked.split(separator: "^", omittingEmptySubsequences: false)
        let sql = parts.joined()
        do {
            _ = try session.execute(sql)
            Issue.record("\(sql) is accepted")
        } catch {
            #expect(error.position == parts[0].utf8.count, "\(sql): \(error)")
            #expect(error.excerpt != nil)
        }
    }
}
