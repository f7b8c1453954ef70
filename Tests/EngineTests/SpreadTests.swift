// What segments know of how values are spread, without ANALYZE: EXPLAIN has about as many rows as there
// are, whatever is done to the table.

import Starling
import StarlingMemory
import Testing

@Suite struct SpreadTests {
    /// 40,000 rows: `word` is 'often' in nine of ten, `skewed` is 77 in four of five and counts
    /// through otherwise, `squared` has most values near 0, `even` has each of 1,000 as often.
    private static let rows = """
        INSERT INTO t SELECT i, i % 1000, IF(i % 10 < 9, 'often', concat('seldom ', i)),
            IF(i % 5 = 0, i, 77), CAST(i AS DOUBLE) * i / 40000,
            parse_json(concat('{"w": "', IF(i % 100 = 0, 'rare', 'usual'), '"}'))
        FROM TABLE(generate_series(1, 40000)) AS s(i)
        """

    private static func table(_ session: Session) throws {
        _ = try session.execute(
            """
            CREATE TABLE t (id BIGINT, even INT, word VARCHAR(30), skewed BIGINT, squared DOUBLE,
                j JSON)
            """)
        _ = try session.execute(rows)
    }

    private static let conditions: [(condition: String, count: Int)] = [
        ("word = 'often'", 36_000), ("word = 'seldom 9'", 1), ("word <= 'often'", 36_000),
        ("word >= 'seldom'", 4_000), ("word <> 'often'", 4_000), ("skewed = 77", 32_000),
        ("skewed = 78", 1), ("skewed > 77", 8_000), ("squared < 10000", 20_000),
        ("squared > 22500", 10_000), ("squared < 100", 2_000), ("even < 100", 4_000),
        ("even = 7", 40), ("word IN ('often', 'nothing')", 36_000),
        ("word = 'often' AND skewed = 77", 28_800),
    ]

    private static func check(_ session: Session, times: Int = 1) throws {
        for (condition, count) in conditions {
            let lines = try session.execute("EXPLAIN SELECT id FROM t WHERE \(condition)").texts(0)
            let scan = lines.compactMap { $0 }.first { $0.contains("SCAN") } ?? ""
            let rows = scan.split(separator: "(~").last
            let expected = Int(rows?.prefix { $0.isNumber } ?? "") ?? -1
            let (least, most) = (count * times * 2 / 3, count * times * 3 / 2 + 400 * times)
            #expect((least...most).contains(expected), "\(condition): \(expected)")
        }
    }

    @Test func estimatesAreNear() throws {
        let session = Database().makeSession()
        try Self.table(session)
        try Self.check(session)
    }

    /// A second segment, rows that are gone, other names, and rows that are packed anew.
    @Test func estimatesStayNear() throws {
        let session = Database().makeSession()
        try Self.table(session)
        _ = try session.execute(Self.rows)
        try Self.check(session, times: 2)
        _ = try session.execute("OPTIMIZE TABLE t")
        try Self.check(session, times: 2)
        _ = try session.execute("INSERT INTO t SELECT * FROM t LIMIT 500")
        try Self.check(session, times: 2)
    }

    @Test func estimatesAreStored() throws {
        let folder = temporaryFolder() + "/starling-spread-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try Database(path: folder).makeSession()
            try Self.table(session)
        }
        let session = try Database(path: folder).makeSession()
        try Self.check(session)
        let shown = try session.execute("SHOW COLUMN STATS FROM t")
        #expect(shown.texts(8) == [nil, nil, "1", "1", "0", nil])
    }
}
