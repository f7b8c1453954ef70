// Indexes of arrays of texts, and of paths that lead to arrays, leave rows out and change no answer.

import Starling
import StarlingMemory
import Testing

@Suite struct ArrayIndexTests {
    private static let insertion = """
        INSERT INTO t SELECT i, IF(i % 10 = 0, NULL, [concat('word', i % 1000),
                IF(i BETWEEN 5001 AND 5009, 'a needle in hay', NULL), concat('host ', i % 50)]),
            IF(i % 10 = 0, NULL, parse_json(concat('{"w": ["word', i % 1000, '", ',
                IF(i BETWEEN 5001 AND 5009, '"a \\\\"needle\\\\" in hay"', 'null'),
                ', "host"], "n": ', i % 1000, ', "d": "2024-01-', lpad(i % 28 + 1, 2, '0'), '"}')))
        FROM TABLE(generate_series(1, 20000)) AS s(i)
        """

    private static let indexes = [
        "wt (w) USING GIN ('parser' = 'standard')", "wg (w) USING NGRAMBF ('gram_num' = '3')",
        "jt (j -> 'w') USING GIN ('parser' = 'standard')",
        "jg (j -> 'w') USING NGRAMBF ('gram_num' = '3')",
        "nt (j -> 'n') USING GIN ('parser' = 'standard')",
        "dt (j -> 'd') USING GIN ('parser' = 'standard')",
    ]

    /// Conditions with the index that is asked and the rows that it finds.
    private static let conditions: [(condition: String, index: String, count: Int64)] = [
        ("w MATCH 'needle'", "text index", 9), ("w MATCH 'word7 host'", "text index", 20),
        ("w MATCH_PHRASE 'in hay'", "text index", 9),
        ("w MATCH_PHRASE 'hay host'", "text index", 0),
        ("w MATCH_PHRASE 'hay host ~100'", "text index", 9),
        ("any_match(x -> x MATCH 'needle hay', w)", "text index", 9),
        ("w[2] MATCH 'needle'", "text index", 9), ("w[3] MATCH 'needle'", "text index", 0),
        ("any_match(x -> x LIKE '%eedle i%', w)", "n-gram index", 9),
        ("array_contains(w, 'a needle in hay')", "n-gram index", 9),
        ("array_contains_all(w, ['a needle in hay', 'word7'])", "n-gram index", 1),
        ("arrays_overlap(w, ['a needle in hay', 'zzzz'])", "n-gram index", 9),
        ("w[2] LIKE '%needle%'", "n-gram index", 9), ("w[1] = 'a needle'", "n-gram index", 0),
        ("j -> 'w' MATCH 'needle'", "text index", 9),
        ("j ->> 'w' MATCH_PHRASE 'hay host'", "text index", 9),
        ("get_json_string(j, '$.w') MATCH 'word77'", "text index", 20),
        ("get_json_scalar(j, '$.w') MATCH 'needle'", "text index", 0),
        ("j ->> 'w' LIKE '%needle%'", "n-gram index", 9),
        (
            "any_match(x -> x LIKE '%\"needle%', CAST(j -> 'w' AS ARRAY<VARCHAR>))", "n-gram index",
            9
        ),
        (
            "array_contains(CAST(j -> 'w' AS ARRAY<VARCHAR>), 'a \"needle\" in hay')",
            "n-gram index", 9
        ),
        ("CAST(j -> 'w' AS ARRAY<VARCHAR>) MATCH 'needle'", "text index", 9),
        ("CAST(j -> 'w' AS ARRAY<VARCHAR>) MATCH_PHRASE 'hay host'", "text index", 0),
        ("CAST(j -> 'w' AS ARRAY<VARCHAR>) MATCH_PHRASE 'hay host ~100'", "text index", 9),
        ("CAST(j -> 'w' AS ARRAY<VARCHAR>)[1] MATCH 'word77'", "text index", 20),
        ("j ->> 'n' MATCH '777'", "text index", 20),
        ("j ->> 'd' MATCH_PHRASE '01 07'", "text index", 572),
    ]

    private func check(_ session: Session, _ asksIndexes: Bool) throws {
        for (condition, index, count) in Self.conditions {
            let query = "SELECT count(*) FROM t WHERE \(condition)"
            #expect(try session.execute(query).integers(0) == [count], "\(condition)")
            let others = "SELECT count(*) FROM t WHERE NOT (\(condition)) OR (\(condition)) IS NULL"
            #expect(try session.execute(others).integers(0) == [20_000 - count], "\(condition)")
            let text = try session.execute("EXPLAIN ANALYZE \(query)").texts(0)
                .compactMap { $0 }.joined(separator: "\n")
            #expect(text.contains(index) == asksIndexes, "\(condition): \(text)")
        }
    }

    @Test(arguments: [false, true])
    func rowsAreLeftOut(isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-arrays-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try (isStored ? Database(path: folder) : Database()).makeSession()
            _ = try session.execute("CREATE TABLE t (id INT, w ARRAY<VARCHAR(40)>, j JSON)")
            _ = try session.execute(Self.insertion)
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
