// What EXPLAIN says of a plan, as a person reads it.

import Starling
import Testing

struct ExplainTests {
    private let session = Database().makeSession()

    private func lines(_ statement: String) throws -> [String] {
        try session.execute(statement).texts(0).compactMap { $0 }
    }

    @Test func oneRowIsNotRows() throws {
        let plan = try lines("EXPLAIN SELECT x FROM (VALUES (1)) AS t(x)")
        #expect(plan.contains { $0.contains("VALUES of 1 row") && $0.contains("(~1 row)") })
        #expect(!plan.contains { $0.contains("1 rows") })
        let two = try lines("EXPLAIN SELECT x FROM (VALUES (1), (2)) AS t(x)")
        #expect(two.contains { $0.contains("VALUES of 2 rows") && $0.contains("(~2 rows)") })
    }

    @Test func nothingIsSaidOfNoColumns() throws {
        let plan = try lines("EXPLAIN VERBOSE SELECT count(*) FROM tpch('nation', 0.01)")
        #expect(!plan.contains { $0.hasSuffix("gives: ") || $0.hasSuffix("gives:") })
    }

    @Test func windowsNameTheirFunctions() throws {
        let plan = try lines(
            "EXPLAIN SELECT row_number() OVER (ORDER BY r_regionkey DESC), "
                + "sum(r_regionkey) OVER (ORDER BY r_regionkey DESC) FROM tpch('region', 0.01)")
        #expect(plan.contains { $0.hasSuffix("order: r_regionkey DESC") })
        #expect(plan.contains { $0.contains("row_number()") && $0.contains("sum(r_regionkey)") })
    }

    @Test func rowsAreGroupedBeforeNamesAreJoined() throws {
        let plan = try lines(
            "EXPLAIN SELECT n_name, sum(c_acctbal) FROM tpch('customer', 1) AS c "
                + "JOIN tpch('nation', 1) AS n ON c_nationkey = n_nationkey GROUP BY n_name")
        let nodes = plan.compactMap { line in
            ["AGGREGATE", "JOIN", "SCAN"].first { line.contains($0) }
        }
        #expect(nodes.filter { $0 == "AGGREGATE" }.count == 2)
        let join = try #require(nodes.firstIndex(of: "JOIN"))
        #expect(nodes[(join + 1)...].contains("AGGREGATE"))
    }

    @Test func joinsSayHowTheyFindTheirRows() throws {
        let join = "FROM tpch('orders', 0.01) AS o JOIN tpch('customer', 0.01) AS c ON "
        func search(_ condition: String) throws -> String? {
            try lines("EXPLAIN VERBOSE SELECT o_orderkey " + join + condition)
                .first { $0.contains("finds partners") }
        }
        #expect(try search("o_custkey = c_custkey")?.hasSuffix("by key") == true)
        #expect(try search("o_custkey >= c_custkey")?.hasSuffix("by range") == true)
        #expect(try search("o_comment LIKE c_name")?.hasSuffix("all pairs") == true)
    }

    @Test func analysisNamesIndexesAndFilters() throws {
        let plan = try lines(
            "EXPLAIN ANALYZE SELECT count(*) FROM tpch('orders', 0.01) AS o "
                + "JOIN tpch('customer', 0.01) AS c ON o_custkey = c_custkey WHERE c_name < 'D' "
                + "AND c_mktsegment = 'BUILDING'")
        #expect(plan.contains { $0.contains("JOIN") && $0.contains("direct address") })
        #expect(
            plan.contains {
                $0.contains("SCAN") && $0.contains("runtime-filtered") && $0.contains("(c_custkey#")
            })
    }

    @Test func changesAreExplainedAndNotMade() throws {
        _ = try session.execute("CREATE TABLE t (k INT, v INT)")
        _ = try session.execute("INSERT INTO t VALUES (1, 1), (2, 2)")
        for (statement, title) in [
            ("DELETE FROM t WHERE k = 1", "DELETE FROM t"),
            ("UPDATE t SET v = 3 WHERE k = 1", "UPDATE t"),
            (
                "MERGE INTO t USING (SELECT 1 AS k) AS s ON t.k = s.k "
                    + "WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE THEN DELETE",
                "MERGE INTO t"
            ),
        ] {
            for mode in ["EXPLAIN", "EXPLAIN ANALYZE"] {
                let plan = try lines("\(mode) \(statement)")
                #expect(plan.first?.hasPrefix(title) == true)
                #expect(plan.contains { $0.contains("SCAN t") })
                #expect(!plan.contains { $0.contains("\u{1F}") })
            }
        }
        #expect(try session.execute("SELECT sum(v) FROM t").texts(0) == ["3"])
    }
}
