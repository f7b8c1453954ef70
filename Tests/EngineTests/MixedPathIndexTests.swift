// Indexes of a path whose values are of several types, in each segment of others, know all texts that are
// read there.

import Starling
import StarlingMemory
import Testing

@Suite struct MixedPathIndexTests {
    /// 20,000 rows each: numbers and one text; all kinds of values; texts, one number and one document that
    /// is none.
    private static let insertions = [
        "SELECT i, parse_json(concat('{\"m\": ', IF(i = 777, '\"needle 777\"', i), '}'))",
        """
        SELECT i + 20000, parse_json(CASE i WHEN 7 THEN '{"m": {"k": "needle"}}'
            WHEN 8 THEN '[{"m": "needle"}]' WHEN 9 THEN '{"m": ["needle", 1]}'
            WHEN 10 THEN '{"m": "the \\\\"needle\\\\""}' WHEN 11 THEN '{"m": null}' WHEN 12 THEN '{}'
            WHEN 13 THEN '"needle"' WHEN 14 THEN '{"m": true}'
            ELSE concat('{"m": ', IF(i % 3 = 0, concat('"word\\\\nnumber', i, '"'),
                IF(i % 3 = 1, i, i + 0.5)), '}') END)
        """,
        """
        SELECT i + 40000, parse_json(CASE i WHEN 7 THEN '{"m": 50000}' WHEN 8 THEN '[1]'
            WHEN 9 THEN '{"m": "last needle"}' ELSE concat('{"m": "word ', i, '"}') END)
        """,
    ]

    private static let indexes = [
        "t (j -> 'm') USING GIN ('parser' = 'standard')",
        "g (j -> 'm') USING NGRAMBF ('gram_num' = '4')",
    ]

    /// Conditions with the index that is asked, the rows for which they are true, and those for which they
    /// are false.
    private static let conditions: [(condition: String, index: String, counts: [Int64])] = [
        ("j ->> 'm' MATCH 'needle'", "text index", [6, 59_990]),
        ("j -> 'm' MATCH 'needle'", "text index", [5, 59_990]),
        ("get_json_scalar(j, '$.m') MATCH 'needle'", "text index", [3, 59_990]),
        ("j ->> 'm' MATCH_PHRASE 'needle 777'", "text index", [1, 59_995]),
        ("j ->> 'm' MATCH 'number333'", "text index", [1, 59_995]),
        ("j ->> 'm' MATCH 'nnumber333'", "text index", [0, 59_996]),
        ("j ->> 'm' MATCH '50000'", "text index", [1, 59_995]),
        ("j ->> 'm' MATCH '4321'", "text index", [3, 59_993]),
        ("j ->> 'm' MATCH 'true'", "text index", [1, 59_995]),
        ("j ->> 'm' MATCH '19997.5'", "text index", [1, 59_995]),
        ("j ->> 'm' LIKE '%needle%'", "n-gram index", [6, 59_990]),
        ("j ->> 'm' LIKE '%the \"needle%'", "n-gram index", [1, 59_995]),
        ("j ->> 'm' LIKE '19997._'", "n-gram index", [1, 59_995]),
    ]

    private func check(_ session: Session, _ asksIndexes: Bool) throws {
        for (condition, index, counts) in Self.conditions {
            let query = "SELECT count(*) FROM t WHERE \(condition)"
            #expect(try session.execute(query).integers(0) == [counts[0]], "\(condition)")
            let others = "SELECT count(*) FROM t WHERE NOT (\(condition))"
            #expect(try session.execute(others).integers(0) == [counts[1]], "\(condition)")
            let text = try session.execute("EXPLAIN ANALYZE \(query)").texts(0)
                .compactMap { $0 }.joined(separator: "\n")
            #expect(text.contains(index) == asksIndexes, "\(condition): \(text)")
        }
    }

    @Test(arguments: [false, true])
    func allTextsAreKnown(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-mixed-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try (isStored ? Database(path: folder) : Database()).makeSession()
            _ = try session.execute("CREATE TABLE t (id INT, j JSON)")
            for insertion in Self.insertions {
                _ = try session.execute(
                    "INSERT INTO t \(insertion) FROM TABLE(generate_series(1, 20000)) AS s(i)")
            }
            try check(session, false)
            for index in Self.indexes {
                _ = try session.execute("ALTER TABLE t ADD INDEX \(index)")
            }
            try check(session, true)
            #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
        }
        guard isStored else { return }
        let session = try Database(path: folder).makeSession()
        try check(session, true)
        _ = try session.execute("OPTIMIZE TABLE t FINAL")
        try check(session, true)
        #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
    }
}
