// Where in the text errors point: at the words that are wrong, and at the statement where no word
// alone is.

import Starling
import Testing

struct ErrorPlaceTests {
    private let session = Database().makeSession()

    /// `^` stands in front of the place.
    @Test(
        arguments: [
            "SELECT x, ^y + 1 FROM t GROUP BY x", "SELECT x FROM t GROUP BY x ORDER BY ^y",
            "SELECT x FROM t GROUP BY x HAVING ^y > 1", "SELECT ^* FROM t GROUP BY x",
            "SELECT 1 FROM t WHERE x IN (SELECT x FROM ^broken)", "SELECT * FROM ^over_broken AS o",
            "^SHOW PARTITIONS FROM t", "DROP MATERIALIZED VIEW ^m",
            "SELECT /*+ SET_VAR(query_timeout = ^'soon') */ 1",
            "SELECT /*+ SET_VAR(^query_timeot = 1) */ 1",
            "SELECT 1 FROM t GROUP BY CUBE(1, x, y, 1, 1, 1, 1, 1, 1, 1, 1, 1, ^x)",
            "INSERT INTO t VALUES (1, 2), (^'a', 3)", "INSERT INTO t (x, ^x) VALUES (1, 2)",
            "SELECT ^1e400", "SELECT 1 + ^99999999999999999999999999999999999999999999",
            "SELECT * FROM ^gone.t", "CREATE TABLE u (a INT) DUPLICATE KEY (^b)",
            "WITH c AS (SELECT 1), ^c AS (SELECT 2) SELECT 3", "SET sql_mode = ^'NOPE'",
            "DROP DATABASE ^main", "SHOW ^",
        ])
    func errorsPointAtWords(_ marked: String) throws {
        for sql in [
            "CREATE TABLE t (x INT, y INT)", "CREATE TABLE base (a INT)",
            "CREATE VIEW broken AS SELECT a AS x FROM base",
            "CREATE VIEW over_broken AS SELECT x FROM broken", "DROP TABLE base",
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
