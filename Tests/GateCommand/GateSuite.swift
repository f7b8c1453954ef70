// What is counted: the queries of a benchmark over its tables, and statements that are one kernel each.

import Foundation

/// Names statements over tables that a text makes.
struct GateSuite {
    var preparation: String
    var statements: [(name: String, sql: String)]

    /// The queries of a benchmark whose tables Starling generates, over its own tables at a hundredth of
    /// the scale.
    static func benchmark(_ name: String) throws -> GateSuite {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let suite = try JSONDecoder().decode(
            Suite.self,
            from: Data(contentsOf: root.appending(path: "Benchmarks/suites/\(name)/suite.json")))
        let folder = root.appending(path: suite.queries)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
        return GateSuite(
            preparation: suite.tables.map {
                "CREATE TABLE \($0) AS SELECT * FROM \(name)('\($0)', 0.01);"
            }.joined(),
            statements: try files.map { file in
                let sql = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                return ("\(name) \(file.dropLast(4))", sql)
            })
    }

    private struct Suite: Decodable {
        var queries: String
        var tables: [String]
    }

    /// A table of 200,000 rows, so that what is allocated for each chunk or value shows.
    static var kernels: GateSuite {
        GateSuite(
            preparation: """
                CREATE TABLE t AS SELECT i AS k, i % 1000 AS g, i * 7919 % 200000 / 8 AS d,
                    concat('text ', i % 5000) AS s, concat('number ', i * 7919 % 200000) AS u,
                    date_add('2024-01-01', i % 700) AS day,
                    parse_json(concat('{"a": ', i, ', "b": {"c": "', i % 90, '"}}')) AS j,
                    [i, i % 7, 3] AS list
                FROM TABLE(generate_series(1, 200000)) AS series(i);
                CREATE TABLE keyed (k BIGINT, v BIGINT) PRIMARY KEY (k);
                INSERT INTO keyed SELECT k, g FROM t;
                """,
            statements: kernelStatements)
    }

    private static let kernelStatements = [
        ("sum", "SELECT sum(k), sum(d) FROM t"),
        ("filter by range", "SELECT count(*), sum(g) FROM t WHERE d BETWEEN 100 AND 9000"),
        ("filter by list", "SELECT count(*) FROM t WHERE g IN (3, 77, 512, 800, 993)"),
        ("filter by text", "SELECT count(*) FROM t WHERE s = 'text 77' OR u > 'number 9'"),
        ("LIKE", "SELECT count(*) FROM t WHERE u LIKE '%77%'"),
        ("regular expression", "SELECT count(*) FROM t WHERE u REGEXP '7+8$'"),
        ("arithmetic", "SELECT sum(k * 2 + g), max(d / 3 - 1) FROM t"),
        ("CASE", "SELECT sum(CASE WHEN g < 100 THEN k WHEN g < 500 THEN 1 ELSE g END) FROM t"),
        ("text functions", "SELECT max(upper(concat(s, substr(u, 3)))) FROM t"),
        ("dates", "SELECT count(DISTINCT date_trunc('month', day)), max(year(day)) FROM t"),
        ("cast of text", "SELECT sum(CAST(substr(u, 8) AS INT)) FROM t"),
        ("paths of JSON", "SELECT sum(get_json_int(j, 'a')) FROM t WHERE j ->> 'b.c' = '7'"),
        ("arrays", "SELECT sum(list[1]), sum(array_length(list)) FROM t"),
        ("lambda", "SELECT sum(array_sum(array_map(x -> x + 1, list))) FROM t"),
        ("few groups", "SELECT g, count(*), sum(d), min(k) FROM t GROUP BY g"),
        ("groups of texts", "SELECT s, count(*), max(u) FROM t GROUP BY s"),
        ("many groups", "SELECT count(*) FROM (SELECT u, sum(k) FROM t GROUP BY u) AS x"),
        ("distinct counts", "SELECT g, count(DISTINCT s) FROM t GROUP BY g"),
        ("rollup", "SELECT g, s, count(*) FROM t WHERE k < 20000 GROUP BY ROLLUP (g, s)"),
        ("join", "SELECT sum(a.d) FROM t AS a JOIN keyed AS b ON a.k = b.k WHERE b.v < 500"),
        ("join by text", "SELECT count(*) FROM t AS a JOIN t AS b ON a.u = b.u"),
        ("outer join", "SELECT count(b.k) FROM t AS a LEFT JOIN keyed AS b ON a.g = b.k"),
        ("semi join", "SELECT count(*) FROM t WHERE g IN (SELECT v FROM keyed WHERE k < 100)"),
        ("sort", "SELECT sum(x) FROM (SELECT row_number() OVER (ORDER BY d, k) AS x FROM t) AS y"),
        ("first rows", "SELECT k, u FROM t ORDER BY d DESC, k LIMIT 10"),
        (
            "running sum",
            "SELECT max(x) FROM (SELECT sum(d) OVER (PARTITION BY g ORDER BY k) AS x FROM t) AS y"
        ),
        (
            "first of each group",
            "SELECT k FROM t QUALIFY row_number() OVER (PARTITION BY g ORDER BY d) = 1"
        ),
        ("union", "SELECT count(*) FROM (SELECT s FROM t UNION SELECT u FROM t) AS x"),
        ("all rows", "SELECT k, d, s FROM t"),
        ("one row by its key", "SELECT v FROM keyed WHERE k = 77777"),
        ("one row inserted", "INSERT INTO keyed VALUES (77, 1)"),
        ("rows inserted", "INSERT INTO keyed SELECT k, 5 FROM t WHERE k < 20000"),
        ("rows updated", "UPDATE keyed SET v = v + 1 WHERE k BETWEEN 500 AND 2500"),
    ]
}
