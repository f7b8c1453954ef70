// RECOMMEND INDEXES: what queries have sought is recommended where it saves rows; what is recommended can
// be made, saves what it said, and is not recommended again.

import Starling
import Testing

@Suite struct RecommendedIndexTests {
    private let session: Session

    /// 50,000 rows: values of `who` are in five rows each, elements of `tags` in a fiftieth, numbers at
    /// `u.id` in a thousandth, the word in ten, the hexadecimal text in one.
    init() throws {
        session = Database().makeSession()
        try run(
            "CREATE TABLE t (id INT, who INT, line VARCHAR(200), tags ARRAY<VARCHAR(9)>, j JSON)")
        try run(
            "INSERT INTO t SELECT i, i * 7919 % 10007, concat('request ', i, ' of ', "
                + "lower(hex(i * 2654435761)), IF(i % 5000 = 77, ' needle', ''), ' is done'), "
                + "[concat('t', i % 50), 'all'], "
                + "parse_json(concat('{\"u\": {\"id\": ', i % 997, '}}')) "
                + "FROM TABLE(generate_series(1, 50000)) AS s(i)")
    }

    private func run(_ statement: String) throws { _ = try session.execute(statement) }

    private func recommended() throws -> [(statement: String, rows: Int64, left: Int64)] {
        let result = try session.execute("RECOMMEND INDEXES FOR t")
        let (statements, rows) = try (result.texts(0), result.integers(3))
        let left = try result.integers(4)
        return statements.indices.map { (statements[$0] ?? "", rows[$0] ?? 0, left[$0] ?? 0) }
    }

    /// The rows that a query reads, as EXPLAIN ANALYZE has it.
    private func scanned(_ condition: String) throws -> Int {
        let lines = try session.execute("EXPLAIN ANALYZE SELECT sum(id) FROM t WHERE \(condition)")
            .texts(0).compactMap { $0 }
        let parts = lines.compactMap { $0.split(separator: ", scanned ").dropFirst().first }
        return parts.reduce(0) { $0 + (Int($1.prefix { $0.isNumber }) ?? 0) }
    }

    private static let conditions: [(condition: String, index: String, foundCount: Int)] = [
        ("who = 17", "(who) USING BITMAP", 5),
        ("line MATCH 'needle'", "(line) USING GIN", 10),
        ("line LIKE '%of 1a2f%'", "(line) USING NGRAMBF", 50_000),
        ("array_contains(tags, 't7')", "(tags) USING BITMAP", 1_000),
        ("get_json_int(j, '$.u.id') = 5", "(j -> 'u.id') USING BITMAP", 51),
    ]

    @Test func whatIsSoughtIsRecommended() throws {
        #expect(try recommended().isEmpty)
        for (condition, _, _) in Self.conditions {
            try run("SELECT sum(id) FROM t WHERE \(condition)")
        }
        let found = try recommended()
        for (condition, index, foundCount) in Self.conditions {
            let own = try #require(
                found.first { $0.statement.contains(index) }, "\(condition): \(found)")
            #expect(own.statement.hasPrefix("ALTER TABLE t ADD INDEX "))
            #expect(own.left <= own.rows * 8 / 10)
            let before = try scanned(condition)
            try run(own.statement)
            let after = try scanned(condition)
            #expect(after <= foundCount, "\(condition)")
            #expect(after < before, "\(condition)")
        }
        let others = try recommended()
        #expect(others.isEmpty, "\(others)")
    }

    /// Elements of arrays, and what is at a path whose values are of several types.
    private static let others: [(condition: String, index: String, foundCount: Int)] = [
        ("any_match(x -> x LIKE '%eedle%', w)", "(w) USING NGRAMBF", 12_000),
        ("w[2] MATCH 'needle'", "(w) USING GIN", 10),
        ("w[1] = 'part 77'", "(w) USING BITMAP", 50),
        ("j ->> 'm' LIKE '%eedle%'", "(j -> 'm') USING NGRAMBF", 12_000),
        ("j ->> 'm' MATCH 'needle'", "(j -> 'm') USING GIN", 10),
    ]

    @Test func whatIsSoughtInsideIsRecommended() throws {
        try run("DROP TABLE t")
        try run("CREATE TABLE t (id INT, w ARRAY<VARCHAR(40)>, j JSON)")
        try run(
            "INSERT INTO t SELECT i, [concat('part ', i % 1000), IF(i % 5000 = 77, 'a needle', "
                + "'hay')], parse_json(concat('{\"m\": ', IF(i % 5000 = 77, '\"a needle\"', "
                + "IF(i % 3 = 0, '\"hay\"', i)), '}')) FROM TABLE(generate_series(1, 50000)) AS s(i)"
        )
        for (condition, _, _) in Self.others {
            try run("SELECT sum(id) FROM t WHERE \(condition)")
        }
        let found = try recommended()
        for (condition, index, foundCount) in Self.others {
            let own = try #require(
                found.first { $0.statement.contains(index) }, "\(condition): \(found)")
            try run(own.statement)
            #expect(try scanned(condition) <= foundCount, "\(condition)")
        }
        let others = try recommended()
        #expect(others.isEmpty, "\(others)")
    }

    @Test func whatSavesNothingIsNot() throws {
        // Bounds exclude the other rows; all rows have the element and the word.
        for condition in [
            "id = 17", "id BETWEEN 5 AND 900", "array_contains(tags, 'all')", "line MATCH 'done'",
            "line LIKE '%o%'", "who > 100",
        ] {
            try run("SELECT sum(who) FROM t WHERE \(condition)")
        }
        let found = try recommended()
        #expect(found.isEmpty, "\(found)")
    }

    @Test func oneIndexIsEnough() throws {
        // Where words leave ten rows, who seeks the user, too, is helped by one of both.
        try run("SELECT sum(id) FROM t WHERE line MATCH 'needle' AND who = 8059")
        let found = try recommended()
        #expect(found.count == 1, "\(found)")
    }
}
