// EXPLAIN ANALYZE: what every operator did.

import Starling
import Testing

struct MeasurementTests {
    private let session = Database().makeSession()

    /// The measurements in the brackets of the first line that contains `name`.
    private func measurements(
        of name: String, in query: String
    ) throws -> [String: Double] {
        let lines = try session.execute("EXPLAIN ANALYZE " + query).texts(0).compactMap { $0 }
        let line = try #require(lines.first { $0.contains(name) })
        let start = try #require(line.lastIndex(of: "["))
        var found: [String: Double] = [:]
        for part in line[line.index(after: start)...].dropLast().split(separator: ",") {
            let words = part.split(separator: " ")
            if words.count >= 2 { found[String(words[0])] = Double(words[1]) }
        }
        return found
    }

    private let grouping = """
        SELECT o_custkey, count(*) FROM tpch('orders', 0.1) WHERE o_orderkey > 300000
        GROUP BY o_custkey ORDER BY o_custkey
        """

    @Test func operatorsCountRows() throws {
        #expect(try measurements(of: "SCAN", in: grouping)["rows"] == 75_000)
        let groups = try session.execute("SELECT count(*) FROM (\(grouping)) t").rows[0][0]
        let counted = try measurements(of: "SORT", in: grouping)["rows"]
        #expect(counted.map { .integer(Int64($0)) } == groups)
    }

    @Test func operatorsHaveTimeAndMemory() throws {
        let scan = try measurements(of: "SCAN", in: grouping)
        #expect(try #require(scan["time"]) > 0)
        for name in ["AGGREGATE", "SORT"] {
            let found = try measurements(of: name, in: grouping)
            #expect(try #require(found["time"]) > 0)
            #expect(try #require(found["memory"]) > 0)
            #expect(found["spilled"] == nil)
        }
    }

    @Test func spilledBytesAreTold() throws {
        _ = try session.execute("SET force_spill = true")
        for name in ["AGGREGATE", "SORT"] {
            let found = try measurements(of: name, in: grouping)
            #expect(try #require(found["spilled"]) > 0)
        }
    }

    @Test func timesOfAPipelineDoNotContainEachOther() throws {
        // The cross join behind the scan takes nearly all of the time.
        let query = """
            SELECT count(*) FROM tpch('orders', 0.01) a JOIN tpch('customer', 0.01) b
            ON a.o_totalprice > b.c_acctbal
            """
        let join = try #require(try measurements(of: "JOIN", in: query)["time"])
        let scan = try #require(try measurements(of: "SCAN", in: query)["time"])
        #expect(join > scan)
    }
}
