// Arrays of scalars and of objects in documents, of another kind in each batch of rows, so that segments
// disagree: written one batch after the other, then packed anew. Each document comes back, and each path
// gives what it gives of documents that are stored as they are.

import Starling
import StarlingMemory
import StarlingTestSupport
import Testing

/// Makes documents with arrays at a few keys.
private struct ArrayMaker {
    /// Is what arrays have in them.
    enum Style: CaseIterable {
        case whole, wide, floating, truth, text, day, moment, lists, empty, null
        case objects, nested, sparse, mixed, scalar
    }

    static let keys = ["a", "b", "c"]

    var generator: SeededGenerator
    /// The share of values that are of another style.
    var disorder: Double
    private var styles: [Style] = []

    init(seed: UInt64, disorder: Double) {
        generator = SeededGenerator(seed: seed)
        self.disorder = disorder
    }

    /// Gives each key a style for the documents that follow.
    mutating func beginBatch() {
        styles = Self.keys.map { _ in Style.allCases.randomElement(using: &generator)! }
    }

    mutating func document() -> String {
        if generator.chance(disorder / 4) { return value(.mixed) }
        var members: [String] = []
        for (place, key) in Self.keys.enumerated() where generator.chance(0.9) {
            let style =
                generator.chance(disorder)
                ? Style.allCases.randomElement(using: &generator)! : styles[place]
            members.append("\"\(key)\": \(value(style))")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private mutating func value(_ style: Style) -> String {
        switch style {
        case .null: return generator.chance(0.5) ? "null" : "[null]"
        case .scalar: return element(.whole)
        case .empty: return "[]"
        default: break
        }
        let count = Int.random(in: 0..<4, using: &generator)
        let elements = (0..<count).map { _ in generator.chance(0.1) ? "null" : element(style) }
        return "[" + elements.joined(separator: ", ") + "]"
    }

    private mutating func number(_ count: Int) -> Int {
        Int.random(in: 0..<count, using: &generator)
    }

    private mutating func element(_ style: Style) -> String {
        switch style {
        case .whole: return "\(number(9) - 4)"
        case .wide:
            return generator.chance(0.3) ? "1844674407370955161\(number(9))" : "-\(number(9))"
        case .floating: return "\(Double(number(99)) / 8)"
        case .truth: return generator.chance(0.5) ? "true" : "false"
        case .text:
            return [
                "\"t\(number(5))\"", "\"\"", "\"q\\\"\\u0001é\"", "\"a long text \(number(9))\"",
            ]
            .randomElement(using: &generator)!
        case .day: return "\"2024-02-1\(number(9))\""
        case .moment: return "\"2024-02-1\(number(9))T10:20:3\(number(9)).125Z\""
        case .lists: return value(.whole)
        case .objects: return object(absent: 0)
        case .nested: return "{\"x\": \(number(5)), \"l\": \(value(.objects))}"
        case .sparse: return object(absent: 0.6)
        default:
            let styles: [Style] = [.whole, .wide, .floating, .truth, .text, .day, .lists, .objects]
            return element(styles.randomElement(using: &generator)!)
        }
    }

    private mutating func object(absent: Double) -> String {
        var members: [String] = []
        if !generator.chance(absent) { members.append("\"x\": \(number(9))") }
        if !generator.chance(absent) { members.append("\"o\": {\"y\": \"y\(number(4))\"}") }
        if !generator.chance(absent) { members.append("\"l\": \(value(.whole))") }
        if generator.chance(disorder) { members.append("\"x\": \(element(.mixed))") }
        if generator.chance(disorder) { members.append("\"o\": \(value(.null))") }
        if generator.chance(0.1) { members.append("\"rare\(number(9))\": {}") }
        return "{" + members.joined(separator: ", ") + "}"
    }
}

extension DocumentColumnTests {
    private static let arrayPaths = [
        "a", "$.a[*]", "$.a[0]", "$.a[2]", "$.a[1:3]", "$.a.x", "$.a[*].x", "$.a[0].x",
        "$.a[0:2].x",
        "$.a[*].o.y", "$.a[*].o", "$.a[*].l", "$.a[*].l[0]", "$.a[*].l[*].x", "$.a[*].rare1",
        "$.a[0][0]", "$.a[*][0]", "$.b", "$.b[*].x", "$.c[*].o.y", "$.c[1]",
    ]

    private static let arrayTypes = [
        "BIGINT", "INT", "DOUBLE", "BOOLEAN", "STRING", "LARGEINT", "DATE", "DATETIME",
        "ARRAY<BIGINT>", "STRUCT<x BIGINT, o STRUCT<y STRING>, l ARRAY<BIGINT>>", "JSON",
    ]

    private static func arrayExpressions(_ path: String) -> [String] {
        let value = "(j -> '\(path)')"
        return [
            value, "j ->> '\(path)'", "get_json_string(j, '\(path)')", "get_json_int(j, '\(path)')",
            "get_json_double(j, '\(path)')", "get_json_bool(j, '\(path)')",
            "json_exists(j, '\(path)')", "json_length(j, '\(path)')", "json_keys(j, '\(path)')",
            "\(value) IS NULL", "j -> '\(path)' -> '$[0].x'", "j -> '\(path)' ->> 'x'",
            "array_contains(CAST(\(value) AS ARRAY<STRING>), 't3')",
            "array_contains(CAST(\(value) AS ARRAY<BIGINT>), 3)",
            "array_sum(CAST(\(value) AS ARRAY<DOUBLE>))",
        ] + arrayTypes.map { "CAST(\(value) AS ARRAY<\($0)>)" }
    }

    @Test(arguments: [
        Kind(seed: 11, disorder: 0, isStored: true), Kind(seed: 12, disorder: 0, isStored: false),
        Kind(seed: 13, disorder: 0.02, isStored: true),
        Kind(seed: 14, disorder: 0.1, isStored: true),
    ])
    func arraysGiveWhatDocumentsGive(_ kind: Kind) throws {
        let folder = temporaryFolder() + "/starling-json-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let database = try kind.isStored ? Database(path: folder) : Database()
        let session = database.makeSession()
        let tables = [("columns", "true"), ("plain", "false")]
        for (name, isEnabled) in tables {
            _ = try session.execute(
                "CREATE TABLE \(name) (id INT, j JSON, part INT) PARTITION BY (part) "
                    + "PROPERTIES ('flat_json.enable' = '\(isEnabled)')")
        }
        _ = try session.execute("CREATE TABLE texts (id INT, x STRING)")
        var maker = ArrayMaker(seed: kind.seed, disorder: kind.disorder)
        var id = 0
        for batch in 0..<24 {
            maker.beginBatch()
            let rows = (0..<(batch % 3 == 0 ? 1 : 30)).map { _ in
                id += 1
                return "(\(id), \(id % 23 == 5 ? "NULL" : quoted(maker.document())))"
            }
            let values = rows.joined(separator: ", ")
            _ = try session.execute("INSERT INTO texts VALUES \(values)")
            for (name, _) in tables {
                _ = try session.execute(
                    "INSERT INTO \(name) SELECT id, parse_json(x), \(batch % 12) "
                        + "FROM (VALUES \(values)) AS v(id, x)")
            }
        }
        try expectSameArrays(session)
        _ = try session.execute("DELETE FROM texts WHERE id % 9 = 1")
        for (name, _) in tables {
            _ = try session.execute("DELETE FROM \(name) WHERE id % 9 = 1")
            _ = try session.execute("OPTIMIZE TABLE \(name)")
        }
        try expectSameArrays(session)
    }

    /// What stands beside the documents' arrays is not read for them.
    @Test func arraysAreReadAlone() throws {
        let session = Database().makeSession()
        _ = try session.execute("CREATE TABLE t (j JSON)")
        _ = try session.execute(
            """
            INSERT INTO t SELECT parse_json(concat('{"a": [', generate_series, '], "n": 1, "o": \
            [{"x": ', generate_series, ', "y": "z"}]}')) FROM TABLE(generate_series(1, 1000))
            """)
        let items = [
            ("sum(array_length(CAST(j -> 'a' AS ARRAY<BIGINT>)))", "j.a as column"),
            ("max(get_json_int(j, '$.a[0]'))", "j.a as column"),
            ("max(j -> '$.o[*].x')", "j.o[*].x as column"),
            (
                "count(*), sum(array_length(CAST(j -> '$.o[*].x' AS ARRAY<INT>)))",
                "j.o[*].x as column"
            ),
            ("sum(length(j ->> 'nope'))", "j.nope in no document"),
        ]
        for (item, path) in items {
            let lines = try session.execute("EXPLAIN ANALYZE SELECT \(item) FROM t").texts(0)
            let text = lines.compactMap { $0 }.joined(separator: " ")
            #expect(text.contains("paths: \(path)"), "\(text)")
        }
    }

    private func expectSameArrays(_ session: Session) throws {
        #expect(
            try rows(session, "SELECT id, j FROM columns ORDER BY id")
                == rows(session, "SELECT id, parse_json(x) FROM texts ORDER BY id"))
        for path in Self.arrayPaths {
            let list = Self.arrayExpressions(path).joined(separator: ", ")
            let columns = try rows(session, "SELECT id, \(list) FROM columns ORDER BY id")
            let plain = try rows(session, "SELECT id, \(list) FROM plain ORDER BY id")
            for (place, expression) in (["id"] + Self.arrayExpressions(path)).enumerated() {
                #expect(columns[place] == plain[place], "\(expression)")
            }
            for expression in Self.arrayExpressions(path) {
                try expectSame(session, "id, \(expression)", where: "id % 3 = 1")
            }
        }
        try expectSame(
            session, "count(*), sum(json_length(e.value))",
            from: ", LATERAL json_each(j -> 'a') AS e",
            where: "id > 0")
    }
}
