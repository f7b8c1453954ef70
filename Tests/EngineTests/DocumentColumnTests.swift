// Whatever documents there are and whatever is asked of them: a table that stores their paths as columns
// gives what one gives that stores them as they are, and what the documents themselves give.

import Starling
import StarlingMemory
import StarlingTestSupport
import Testing

@Suite struct DocumentColumnTests {
    /// Makes documents with few keys, so that paths come often and in many shapes.
    private struct Maker {
        var generator: SeededGenerator
        /// The share of values that are of another kind than most at their place.
        var disorder: Double

        private static let keys = [
            "a", "b", "A", "c.d", "c", "d", "q\"q", "", "nulls", "ключ", "z",
        ]

        mutating func document() -> String {
            if generator.chance(disorder / 4) { return other(0) }
            return object(0)
        }

        private mutating func object(_ depth: Int) -> String {
            var members: [String] = []
            for (place, key) in Self.keys.enumerated() where generator.chance(0.55) {
                members.append("\(quoted(key)): \(value(place, depth))")
            }
            if generator.chance(0.05), let first = members.first { members.append(first) }
            if generator.chance(0.2) {
                members.append("\"rare\(Int.random(in: 0..<30, using: &generator))\": 1")
            }
            members.shuffle(using: &generator)
            return "{" + members.joined(separator: generator.chance(0.5) ? "," : ", ") + "}"
        }

        private func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }

        /// The value of the key at a place, which has a kind of its own.
        private mutating func value(_ place: Int, _ depth: Int) -> String {
            if generator.chance(disorder) { return other(depth) }
            switch place % 6 {
            case 0: return "\(Int.random(in: -50...50, using: &generator))"
            case 1: return quoted("text \(Int.random(in: 0..<9, using: &generator))")
            case 2: return depth < 3 ? object(depth + 1) : "1"
            case 3: return "\(Double(Int.random(in: -99...99, using: &generator)) / 4)"
            case 4: return generator.chance(0.5) ? "true" : "false"
            default: return array(depth)
            }
        }

        private mutating func array(_ depth: Int) -> String {
            let count = Int.random(in: 0..<4, using: &generator)
            let values = (0..<count).map { _ in
                depth < 3 && generator.chance(0.3) ? object(depth + 2) : other(4)
            }
            return "[" + values.joined(separator: ", ") + "]"
        }

        private mutating func other(_ depth: Int) -> String {
            let scalars = [
                "null", "{}", "[]", "9007199254740993", "1.5", "18446744073709551615", "-0.0",
                "1e3", "\"\"", "\"5\"", "\"2024-01-31\"", "\"a\\nb\"", "\"\\u00e9\"", "true",
                "123456789012345678901234567890", "0.1234567890123456789", "1E400", "\"true\"",
            ]
            if depth < 3, generator.chance(0.3) { return object(depth + 1) }
            return scalars.randomElement(using: &generator)!
        }
    }

    private static let paths = [
        "$", "a", "b", "$.A", "$.c", "$.\"c.d\"", "$.c.d", "$.A.a", "$.A.A.b", "$.A.A.A.a", "$.d",
        "$.\"q\\\"q\"", "$.nulls", "$.z", "$.nowhere", "$.a.a", "$.A.nowhere", "$.d[0]", "$.d[1].a",
        "$.d[*]", "$.d[*].b", "$.A.*", "$[0]", "$.z[0:2]", "rare1", "$.\"ключ\"", "$.A.\"ключ\"",
    ]

    /// Expressions of `j` and a path.
    private static func expressions(_ path: String) -> [String] {
        let text = "'" + path.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
        return [
            "j -> \(text)", "j ->> \(text)", "json_query(j, \(text))",
            "get_json_int(j, \(text))", "get_json_double(j, \(text))",
            "get_json_string(j, \(text))", "get_json_bool(j, \(text))",
            "get_json_scalar(j, \(text))", "json_exists(j, \(text))", "json_length(j, \(text))",
            "json_keys(j, \(text))", "(j -> \(text)) IS NULL", "get_json_int(j, \(text)) IS NULL",
            "CAST(j -> \(text) AS INT)", "CAST(j -> \(text) AS TINYINT)",
            "CAST(j -> \(text) AS LARGEINT)", "CAST(j -> \(text) AS DOUBLE)",
            "CAST(j -> \(text) AS STRING)", "CAST(j -> \(text) AS BOOLEAN)",
            "CAST(j -> \(text) AS DATE)", "CAST(j -> \(text) AS DECIMAL(20, 2))",
            "j -> \(text) -> 'a'", "j -> \(text) ->> 'b'",
        ]
    }

    private static func conditions(_ path: String) -> [String] {
        let text = "'" + path.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
        return [
            "get_json_int(j, \(text)) = 7", "get_json_int(j, \(text)) < -20",
            "get_json_int(j, \(text)) > 60", "get_json_double(j, \(text)) BETWEEN 0.5 AND 3",
            "j ->> \(text) = 'text 3'", "j ->> \(text) > 'text 7'", "j ->> \(text) LIKE '%4'",
            "get_json_bool(j, \(text))", "json_exists(j, \(text))",
            "CAST(j -> \(text) AS INT) IN (1, 2, 3)", "j -> \(text) IS NULL",
            "j -> \(text) = 7", "get_json_string(j, \(text)) IS NOT NULL",
            "CAST(j -> \(text) AS TINYINT) = 7 OR id % 50 = 0",
        ]
    }

    /// The columns of a result as texts.
    func rows(_ session: Session, _ query: String) throws -> [[String?]] {
        let result = try session.execute(query)
        return result.columns.indices.map { result.texts($0) }
    }

    func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }

    /// Fills tables with the same documents: their texts, and documents stored in two ways.
    private func fill(
        _ session: Session, _ documents: [String?], properties: String
    ) throws {
        _ = try session.execute("CREATE TABLE texts (id INT, x STRING)")
        for start in stride(from: 0, to: documents.count, by: 500) {
            let rows = (start..<min(start + 500, documents.count)).map { row in
                "(\(row), \(documents[row].map(quoted) ?? "NULL"))"
            }
            _ = try session.execute("INSERT INTO texts VALUES \(rows.joined(separator: ", "))")
        }
        for (name, properties) in [
            ("columns", properties), ("plain", "PROPERTIES ('flat_json.enable' = 'false')"),
        ] {
            _ = try session.execute(
                "CREATE TABLE \(name) (id INT, j JSON, part INT) PARTITION BY (part) \(properties)")
            _ = try session.execute(
                "INSERT INTO \(name) SELECT id, parse_json(x), id * 3 DIV \(documents.count) "
                    + "FROM texts")
        }
    }

    /// How the documents of a database are made, and where it is.
    struct Kind: Sendable {
        var seed: UInt64
        var disorder: Double
        var isStored: Bool
    }

    @Test(arguments: [
        Kind(seed: 1, disorder: 0, isStored: true), Kind(seed: 2, disorder: 0.02, isStored: false),
        Kind(seed: 3, disorder: 0.1, isStored: true), Kind(seed: 4, disorder: 0.5, isStored: false),
    ])
    func columnsGiveWhatDocumentsGive(_ kind: Kind) throws {
        let folder = temporaryFolder() + "/starling-json-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        var maker = Maker(generator: SeededGenerator(seed: kind.seed), disorder: kind.disorder)
        let documents = (0..<450).map { row -> String? in row % 40 == 3 ? nil : maker.document() }
        let properties = "PROPERTIES ('flat_json.sparsity.factor' = '0.\(kind.seed)')"
        if kind.isStored {
            try fill(Database(path: folder).makeSession(), documents, properties: properties)
        }
        let database = try kind.isStored ? Database(path: folder) : Database()
        if !kind.isStored {
            try fill(database.makeSession(), documents, properties: properties)
        }
        let session = database.makeSession()
        let stored = try rows(session, "SELECT flat_json_meta(j) FROM columns [_META_]")
        #expect(stored[0][0] != "[]")
        #expect(
            try rows(session, "SELECT id, j FROM columns ORDER BY id")
                == rows(session, "SELECT id, parse_json(x) FROM texts ORDER BY id"))
        for path in Self.paths {
            let list = Self.expressions(path).joined(separator: ", ")
            let columns = try rows(session, "SELECT id, \(list) FROM columns ORDER BY id")
            let plain = try rows(session, "SELECT id, \(list) FROM plain ORDER BY id")
            #expect(columns == plain, "\(path)")
            let values = try rows(
                session,
                "SELECT id, \(list) FROM (SELECT id, parse_json(x) AS j FROM texts) AS t "
                    + "ORDER BY id")
            #expect(columns == values, "\(path)")
            for expression in Self.expressions(path).prefix(12) {
                try expectSame(session, "id, \(expression)", where: "id % 3 = 1")
            }
            for condition in Self.conditions(path) {
                try expectSame(session, "id, part", where: condition)
            }
        }
    }

    /// Compares what both tables give.
    func expectSame(
        _ session: Session, _ items: String, from joined: String = "", where condition: String
    ) throws {
        let (columns, plain) = try (
            rows(session, "SELECT \(items) FROM columns\(joined) WHERE \(condition) ORDER BY 1"),
            rows(session, "SELECT \(items) FROM plain\(joined) WHERE \(condition) ORDER BY 1")
        )
        #expect(columns == plain, "\(items) where \(condition)")
    }
}
