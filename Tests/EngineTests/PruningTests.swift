// What scans of Parquet files leave out: EXPLAIN ANALYZE says it, and no row is lost by it.

import Starling
import Testing

@Suite struct PruningTests {
    private let session = Database().makeSession()
    private static let folder =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/ParquetTests/Fixtures"
    private let file = "'\(folder)/pruning.pages_v1.parquet'"

    /// The line of a scan in EXPLAIN ANALYZE.
    private func scan(_ query: String) throws -> String {
        let lines = try session.execute("EXPLAIN ANALYZE " + query).texts(0).compactMap { $0 }
        return try #require(lines.first { $0.contains("SCAN") })
    }

    private func rows(_ query: String) throws -> [[String?]] {
        let result = try session.execute(query)
        let columns = result.columns.indices.map { result.texts($0) }
        return result.rows.indices.map { row in columns.map { $0[row] } }
    }

    private func count(_ condition: String) throws -> String? {
        try rows("SELECT CAST(count(*) AS STRING) FROM \(file) WHERE \(condition)")[0][0]
    }

    @Test func statisticsExcludeRowGroups() throws {
        let query = "SELECT * FROM \(file) WHERE `key` < 30"
        #expect(try scan(query).contains("parts 1, pruned 2 (statistics 2)"))
        #expect(try count("`key` < 30") == "10")
    }

    @Test func pageIndexesExcludeRows() throws {
        #expect(
            try scan("SELECT * FROM \(file) WHERE `key` < 30")
                .contains("rows left out (page index 440)"))
        #expect(try count("`key` BETWEEN 1000 AND 2000") == "333")
        #expect(try count("text >= 'text 00590' AND text < 'text 00613'") == "23")
        #expect(try count("`key` = 900 OR `key` = 3000 OR text = 'text 01499'") == "3")
        #expect(try count("gaps IS NULL") == "259")
        #expect(try count("gaps IS NOT NULL AND `key` < 900") == "112")
    }

    @Test func bloomFiltersExcludeRowGroups() throws {
        let present = try rows(
            "SELECT CAST(sparse AS STRING), CAST(`key` AS STRING) FROM \(file) WHERE `key` = 3333")
        let value = try #require(present[0][0])
        let query = "SELECT `key` FROM \(file) WHERE sparse = \(value)"
        #expect(try scan(query).contains("bloom filter 2"))
        #expect(try count("sparse = \(value)") == "1")
        #expect(try count("sparse IN (\(value), 77)") == "1")
        #expect(try count("sparse = 77") == "0")
    }

    @Test func dictionariesExcludeRowGroups() throws {
        let query = "SELECT * FROM \(file) WHERE word LIKE '%og'"
        #expect(try scan(query).contains("dictionary 2"))
        #expect(try scan("SELECT * FROM \(file) WHERE code = 23").contains("dictionary 2"))
        let counted = try count("word LIKE '%og'")
        let all = try rows(
            "SELECT CAST(sum(IF(word LIKE '%og', 1, 0)) AS STRING) FROM \(file)")
        #expect(counted == all[0][0])
    }

    @Test func keysOfJoinsExcludeRows() throws {
        let query = """
            SELECT CAST(count(*) AS STRING) FROM \(file) a
            JOIN (VALUES (30), (60), (4000)) b(k) ON a.`key` = b.k
            """
        #expect(try rows(query)[0][0] == "2")
        let line = try scan(query)
        #expect(line.contains("join keys 1") && line.contains("page index"), "\(line)")
    }

    @Test func thresholdsExcludeRowGroups() throws {
        _ = try session.execute("CREATE TABLE many AS SELECT * FROM tpch('orders', 0.01)")
        let query = "SELECT o_orderkey FROM many ORDER BY o_orderkey LIMIT 3"
        #expect(try rows("SELECT CAST(o_orderkey AS STRING) FROM (\(query)) t").count == 3)
        let line = try scan(query)
        // The keys ascend: what the first windows give excludes the zones behind them.
        #expect(line.contains("page index"), "\(line)")
    }

    @Test func countsAndExtremesComeFromTheFooter() throws {
        let query = """
            SELECT CAST(count(*) AS STRING), CAST(count(gaps) AS STRING),
                CAST(min(`key`) AS STRING), CAST(max(day) AS STRING), CAST(max(price) AS STRING)
            FROM \(file)
            """
        let answer: [String?] = ["1500", "1241", "0", "1997-06-25", "14.99"]
        #expect(try rows(query)[0] == answer)
        let plan = try session.execute("EXPLAIN " + query).texts(0).compactMap { $0 }
        #expect(!plan.contains { $0.contains("SCAN") })
        _ = try session.execute("SET enable_optimizer = false")
        #expect(try rows(query)[0] == answer)
    }
}
