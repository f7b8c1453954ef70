// What indexes expect while a query is planned: EXPLAIN has about as many rows as there are, and names the
// indexes that a scan asks.

import Starling
import Testing

@Suite struct IndexForecastTests {
    private let session: Session

    /// 50,000 rows: the needle is in ten of them, all of which lie together, each tag in a fiftieth.
    init() throws {
        session = Database().makeSession()
        _ = try session.execute(
            """
            CREATE TABLE t (id INT, line VARCHAR(200), tags ARRAY<VARCHAR(9)>, j JSON,
                INDEX l (line) USING GIN ('parser' = 'standard'),
                INDEX g (line) USING NGRAMBF ('gram_num' = '4'), INDEX b (tags) USING BITMAP,
                INDEX m (j -> 'm') USING GIN ('parser' = 'standard'))
            """)
        _ = try session.execute(
            """
            INSERT INTO t SELECT i, concat('request ', i, IF(i BETWEEN 7001 AND 7010,
                    ' rare needle', ''), IF(i % 10 = 0, ' slow', ''), ' done'),
                [concat('t', i % 50), 'all'], parse_json(concat('{"m": "part ', i % 100, '"}'))
            FROM TABLE(generate_series(1, 50000)) AS s(i)
            """)
    }

    /// The line of EXPLAIN about the scan.
    private func scan(_ condition: String) throws -> String {
        let lines = try session.execute("EXPLAIN SELECT id FROM t WHERE \(condition)").texts(0)
        return lines.compactMap { $0 }.first { $0.contains("SCAN") } ?? ""
    }

    private func expected(_ condition: String) throws -> Int {
        let rows = try scan(condition).split(separator: "(~").last
        return Int(rows?.prefix { $0.isNumber } ?? "") ?? -1
    }

    @Test(arguments: [
        ("line MATCH 'needle'", 10), ("line MATCH 'done'", 50_000), ("line MATCH 'need*'", 10),
        ("line MATCH '*eedle'", nil), ("line MATCH 'nothing'", 0), ("line MATCH 'slow'", 5_000),
        ("line MATCH_ANY 'needle slow'", 5_010), ("NOT line MATCH 'slow'", 45_000),
        ("line MATCH_REGEXP '^need.*e$'", 10), ("line MATCH_PHRASE 'slow done'", 5_000),
        ("line MATCH 'slow done'", 5_000), ("array_contains(tags, 't7')", 1_000),
        ("array_contains(tags, 'all')", 50_000), ("arrays_overlap(tags, ['t7', 't8'])", 2_000),
        ("array_contains_all(tags, ['t7', 'all'])", 1_000), ("tags[1] = 't7'", 1_000),
        ("any_match(x -> x = 't7', tags)", 1_000), ("j ->> 'm' MATCH '77'", 500),
        ("line MATCH 'needle' OR j ->> 'm' MATCH '77'", 510),
    ])
    func estimatesAreNear(condition: String, count: Int?) throws {
        let expected = try expected(condition)
        // Where too many terms would have to be looked at, nothing is known.
        guard let count else { return #expect(expected > 1_000, "\(condition)") }
        #expect(expected * 2 >= count && expected <= count * 2 + 1, "\(condition): \(expected)")
    }

    @Test func runsOfCharactersLeaveFew() throws {
        #expect(try expected("line LIKE '%needle%'") < 200)
        #expect(try expected("line LIKE '%request%'") == expected("line LIKE '%st%'"))
    }

    @Test func explainNamesIndexes() throws {
        #expect(try scan("line MATCH 'needle'").contains("asks text index of line"))
        #expect(try scan("line LIKE '%needle%'").contains("asks n-gram index of line"))
        #expect(try scan("array_contains(tags, 't7')").contains("asks value index of tags"))
        #expect(try scan("j ->> 'm' MATCH '77'").contains("asks text index of j.m"))
        // What nearly all rows have is found faster by reading them.
        for condition in ["array_contains(tags, 'all')", "line LIKE '%request%'", "id = 7"] {
            #expect(try !scan(condition).contains("asks"), "\(condition)")
        }
        _ = try session.execute("SET enable_gin_filter = false")
        #expect(try !scan("line MATCH 'needle'").contains("asks"))
    }

    /// 50,000 rows: 49,000 times 0, NULL in 500, and 500 other numbers and texts.
    private func makeValues() throws {
        _ = try session.execute(
            "CREATE TABLE v (id INT, n INT, k VARCHAR(9), INDEX nb (n) USING BITMAP, "
                + "INDEX kb (k) USING BITMAP)")
        _ = try session.execute(
            """
            INSERT INTO v SELECT i, IF(i % 100 > 1, 0, IF(i % 100 = 1, NULL, i)),
                IF(i % 100 > 1, 'all', IF(i % 100 = 1, NULL, concat('k', i)))
            FROM TABLE(generate_series(1, 50000)) AS s(i)
            """)
    }

    private static let values: [(condition: String, count: Int, isAsked: Bool)] = [
        ("n <> 0", 500, true), ("NOT n = 0", 500, true), ("n NOT IN (0, 100)", 499, true),
        ("n = 0", 49_000, false), ("n > 0", 500, true), ("n BETWEEN 1001 AND 2000", 10, true),
        ("n >= 1000 AND n < 2000", 10, true), ("n IN (100, 200, 7)", 2, true),
        ("k <> 'all'", 500, true), ("k > 'k40' AND k <= 'k4000'", 2, true),
        ("n < 100", 49_000, false),
        ("NOT (n = 0 OR k = 'k100')", 499, true), ("k LIKE 'k4%'", 111, true),
    ]

    @Test func valuesAreCounted() throws {
        try makeValues()
        for (condition, count, isAsked) in Self.values {
            let query = "SELECT id FROM v WHERE \(condition)"
            #expect(try session.execute(query).rows.count == count, "\(condition)")
            let lines = try session.execute("EXPLAIN \(query)").texts(0).compactMap { $0 }
            let scan = lines.first { $0.contains("SCAN") } ?? ""
            let expected =
                Int(scan.split(separator: "(~").last?.prefix { $0.isNumber } ?? "") ?? -1
            #expect(
                expected * 4 >= count * 3 && expected <= count * 5 / 4 + 1,
                "\(condition): \(expected)")
            #expect(scan.contains("asks value index") == isAsked, "\(condition): \(scan)")
            let measured = try session.execute("EXPLAIN ANALYZE \(query)").texts(0)
            let wasAsked = measured.contains { $0?.contains("value index") ?? false }
            #expect(wasAsked == isAsked, "\(condition): \(measured)")
        }
    }

    @Test func joinsBeginWithWhatIsRare() throws {
        _ = try session.execute("CREATE TABLE u (id INT, x INT)")
        _ = try session.execute(
            "INSERT INTO u SELECT i, i FROM TABLE(generate_series(1, 20000)) AS s(i)")
        let lines = try session.execute(
            "EXPLAIN SELECT count(*) FROM u JOIN t ON u.id = t.id WHERE t.line MATCH 'needle'"
        ).texts(0).compactMap { $0 }
        // The side that is built stands last.
        let scans = lines.filter { $0.contains("SCAN") }
        #expect(scans.last?.contains("SCAN t") ?? false, "\(lines)")
    }
}
