// SHOW CREATE gives back what a statement said, in a form that makes the same thing again.

import Starling
import Testing

struct ShowCreateTests {
    private let session = Database().makeSession()

    @Test func aTableKeepsItsClauses() throws {
        _ = try session.execute(
            "CREATE TABLE t (a INT NOT NULL DEFAULT '5' COMMENT 'an a', b VARCHAR(10)) "
                + "ENGINE = olap DUPLICATE KEY (a) COMMENT 'a table' PARTITION BY (b) "
                + "DISTRIBUTED BY HASH (a) BUCKETS 4 ORDER BY (b) "
                + "PROPERTIES ('replication_num' = '1')")
        let text = try created("TABLE t")
        #expect(
            text == """
                CREATE TABLE `t` (
                  `a` int NOT NULL DEFAULT '5' COMMENT 'an a',
                  `b` varchar(10)
                )
                ENGINE = olap
                DUPLICATE KEY (a)
                COMMENT 'a table'
                PARTITION BY b
                DISTRIBUTED BY HASH (a) BUCKETS 4
                ORDER BY (b)
                PROPERTIES ('replication_num' = '1')
                """)
        _ = try session.execute("DROP TABLE t")
        _ = try session.execute(text)
        #expect(try created("TABLE t") == text)
        _ = try session.execute("INSERT INTO t (b) VALUES ('x')")
        #expect(try session.execute("SELECT a FROM t").rows == [[5]])
        #expect(try created("TABLE t") == text)
    }

    @Test func aViewKeepsItsColumnsAndComment() throws {
        _ = try session.execute("CREATE VIEW v (x, y) COMMENT 'it''s' AS SELECT 1, 2")
        let text = try created("VIEW v")
        #expect(text == "CREATE VIEW `v` (`x`, `y`) COMMENT 'it''s' AS SELECT 1, 2")
    }

    private func created(_ name: String) throws -> String {
        try session.execute("SHOW CREATE \(name)").texts(1)[0] ?? ""
    }
}
