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
}
