// What scans of our own tables leave out, and what their metadata answers: whatever types, NULLs,
// shapes of values, deleted rows and conditions there are, the rows are those that reading them all
// gives. A condition within coalesce() is one that no statistics speak about.

import Starling
import StarlingMemory
import Testing

@Suite struct SegmentPruningTests {
    /// Is a column and how its values come from a number `h` that looks random, of a segment `s`.
    private struct Column {
        var name: String
        var type: String
        /// One of these a segment.
        var shapes: [String]
        var hasSum = false
    }

    private static let columns = [
        Column(
            name: "c_tiny", type: "TINYINT",
            shapes: ["h % 100 - 50", "-128", "127", "s", "NULL", "IF(h % 2 = 0, 3, NULL)"],
            hasSum: true),
        Column(
            name: "c_int", type: "INT",
            shapes: [
                "h - 1000000", "s * 1000 + i % 1000", "i", "7", "IF(h % 9 = 0, NULL, h % 40)",
                "i DIV 300 * 1000003",
            ],
            hasSum: true),
        Column(
            name: "c_big", type: "BIGINT",
            shapes: ["h * 4000000000 - 7", "i * 3", "NULL", "-9223372036854775807", "h % 1000"],
            hasSum: true),
        Column(
            name: "c_large", type: "LARGEINT",
            shapes: [
                "CAST(h AS LARGEINT) * 100000000000000000000", "s", "h % 3",
                "IF(h % 4 = 0, NULL, -h)",
            ], hasSum: true),
        Column(
            name: "c_dec", type: "DECIMAL(12, 2)",
            shapes: ["h / 100", "s + 0.25", "NULL", "-(h % 1000) / 10"], hasSum: true),
        Column(
            name: "c_wide", type: "DECIMAL(38, 4)",
            shapes: ["h * 1000000 / 10000", "s", "h % 5"], hasSum: true),
        Column(
            name: "c_float", type: "FLOAT",
            shapes: ["h / 8", "IF(h % 50 = 0, 'nan', s)", "'nan'", "NULL", "'-0'", "-h"]),
        Column(
            name: "c_double", type: "DOUBLE",
            shapes: [
                "h / 7", "IF(h % 2 = 0, '-0', '0')", "IF(h % 3 = 0, 'nan', '-0')", "'inf'",
                "s * 1.5", "IF(h % 5 = 0, NULL, i / 4)",
            ]),
        Column(
            name: "c_text", type: "VARCHAR(200)",
            shapes: [
                "concat('name ', lpad(h % 300, 4, '0'))", "concat('name ', s)", "''", "NULL",
                "concat(repeat('long ', 14), h % 1000)",
                "concat(repeat('long ', 12), 'ÿ', s, h % 7)",
                "concat('name ', lpad(i DIV 100, 4, '0'))", "IF(h % 3 = 0, NULL, md5(h))",
                "concat('Name ', h % 3)", "concat('name ', s, ' ')",
            ]),
        Column(
            name: "c_char", type: "CHAR(8)",
            shapes: ["concat('k', h % 50)", "'same'", "IF(h % 2 = 0, 'a', 'A')", "'é'"]),
        Column(
            name: "c_binary", type: "VARBINARY",
            shapes: [
                "unhex(md5(h))", "unhex(repeat('ff', 70))", "unhex('00')", "NULL",
                "unhex(concat(repeat('ff', 66), '0', s))",
            ]),
        Column(
            name: "c_date", type: "DATE",
            shapes: [
                "date_add('2020-01-01', INTERVAL h % 900 DAY)",
                "date_add('2021-01-01', INTERVAL s DAY)", "NULL",
            ]),
        Column(
            name: "c_time", type: "DATETIME",
            shapes: [
                "date_add('2020-01-01', INTERVAL h SECOND)",
                "date_add('2021-01-01', INTERVAL s HOUR)",
            ]),
        Column(name: "c_flag", type: "BOOLEAN", shapes: ["h % 2 = 0", "TRUE", "FALSE", "NULL"]),
    ]

    private static let segmentCount = 6
    /// Two segments of this size in memory stay apart.
    private static let rowCount = 16_500

    /// Makes a table of segments whose columns have shapes of their own.
    private func fill(_ session: Session, _ random: inout SeededNumbers) throws {
        let names = Self.columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
        let filtered = Self.columns.map(\.name).joined(separator: ", ")
        _ = try session.execute(
            "CREATE TABLE t (id BIGINT, \(names)) "
                + "PROPERTIES ('bloom_filter_columns' = '\(filtered)')")
        for segment in 0..<Self.segmentCount {
            let values = Self.columns.map { column in
                let shape = column.shapes.randomElement(using: &random) ?? "NULL"
                return "CAST(\(shape) AS \(column.type))"
            }
            _ = try session.execute(
                "INSERT INTO t SELECT id, \(values.joined(separator: ", ")) FROM ("
                    + "SELECT \(segment) AS s, generate_series AS i, "
                    + "generate_series + \(segment * Self.rowCount) AS id, "
                    + "abs(murmur_hash3_32(concat('\(segment) ', generate_series))) % 2000000 AS h "
                    + "FROM TABLE(generate_series(1, \(Self.rowCount)))) AS n")
        }
    }

    @Test(arguments: 1...3)
    func nothingIsLost(_ seed: UInt64) throws {
        var random = SeededNumbers(seed)
        let session = Database(configuration: Configuration(threadCount: 2)).makeSession()
        try fill(session, &random)
        try compare(session, &random)
        _ = try session.execute("DELETE FROM t WHERE id % 3 = 1 AND id < 40000")
        try compare(session, &random)
    }

    @Test func nothingIsLostOnDisk() throws {
        var random = SeededNumbers(11)
        let path = temporaryFolder() + "/starling-pruning-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        do {
            let session = try Database(path: path).makeSession()
            try fill(session, &random)
            _ = try session.execute("DELETE FROM t WHERE id BETWEEN 100 AND 20000")
        }
        try compare(try Database(path: path).makeSession(), &random)
    }

    @Test func explainTellsWhatWasPruned() throws {
        let session = Database().makeSession()
        func lines(_ sql: String) throws -> String {
            try session.execute("EXPLAIN ANALYZE \(sql)").texts(0).compactMap { $0 }
                .joined(separator: "\n")
        }
        _ = try session.execute(
            "CREATE TABLE t (id BIGINT, name VARCHAR(40), word VARCHAR(10)) "
                + "PROPERTIES ('bloom_filter_columns' = 'name')")
        for part in 0..<4 {
            let rows = "generate_series(\(part * 20_000), \(part * 20_000 + 19_999))"
            _ = try session.execute(
                "INSERT INTO t SELECT generate_series, md5(generate_series), 'word \(part)' "
                    + "FROM TABLE(\(rows))")
        }
        let byWord = try lines("SELECT * FROM t WHERE word = 'word 2' AND id % 2 = 0")
        #expect(byWord.contains("parts 1, pruned 3 (statistics 3)"), "\(byWord)")
        let byName = try lines("SELECT * FROM t WHERE name = md5('25000')")
        #expect(byName.contains("parts 1, pruned 3 (bloom filter 3)"), "\(byName)")
        let joined = try lines(
            "SELECT count(*) FROM t JOIN (VALUES (md5('70000'))) AS v(n) ON t.name = v.n")
        #expect(joined.contains("bloom filter 3"), "\(joined)")
        let all = try lines("SELECT count(*), min(word), max(id), sum(id) FROM t")
        #expect(all.contains("VALUES of 1 row (metadata of 4 parts of table t)"), "\(all)")
        let some = try lines("SELECT sum(id) FROM t WHERE id < 50000")
        #expect(some.contains("metadata of 2 parts of table t"), "\(some)")
        #expect(some.contains("parts 1, pruned 3 (metadata 2, statistics 1)"), "\(some)")
        _ = try session.execute(
            "CREATE TABLE ordered AS SELECT concat('w', lpad(generate_series DIV 100, 6, '0')) AS w, "
                + "generate_series DIV 300 * 1000003 AS n FROM TABLE(generate_series(0, 19999))")
        // Rows 7,700 to 7,799 lie in the eighth 1,024 rows, rows 900 to 1,199 in the first two.
        let text = try lines("SELECT * FROM ordered WHERE w = 'w000077'")
        #expect(text.contains("rows left out (page index 18976)"), "\(text)")
        let run = try lines("SELECT * FROM ordered WHERE n = 3000009")
        #expect(run.contains("rows left out (page index 17952)"), "\(run)")
        let made = try session.execute("SHOW CREATE TABLE t").texts(1)[0] ?? ""
        #expect(made.contains("bloom_filter_columns"), "\(made)")
    }

    // MARK: Comparing

    private func compare(_ session: Session, _ random: inout SeededNumbers) throws {
        for column in Self.columns {
            var constants = try session.execute(
                "SELECT CAST(v AS STRING) FROM (SELECT DISTINCT \(literalSource(column)) AS v FROM t "
                    + "WHERE id % 1511 = \(Int.random(in: 0..<1511, using: &random))) AS d "
                    + "WHERE v IS NOT NULL LIMIT 6"
            ).texts(0).compactMap { $0 }
            constants += column.shapes.count % 2 == 0 ? ["0"] : ["1"]
            if column.name == "c_float" || column.name == "c_double" { constants.append("nan") }
            for _ in 0..<8 {
                let condition = condition(column, constants, &random)
                try compare(session, condition, column)
            }
            try compareJoin(session, column, constants)
            try compareOrder(session, column)
        }
    }

    private func literalSource(_ column: Column) -> String {
        column.type == "VARBINARY" ? "hex(\(column.name))" : column.name
    }

    private func literal(_ column: Column, _ text: String) -> String {
        if column.type == "VARBINARY" { return "unhex('\(text)')" }
        if column.type == "DATE" || column.type == "DATETIME", text.count < 8 {
            return "CAST('2020-06-01' AS \(column.type))"
        }
        return "CAST('\(text)' AS \(column.type))"
    }

    private func condition(
        _ column: Column, _ constants: [String], _ random: inout SeededNumbers
    ) -> String {
        let name = column.name
        func constant() -> String {
            literal(column, constants.randomElement(using: &random) ?? "0")
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "\(name) IS NULL"
        case 1: return "\(name) IS NOT NULL"
        case 2: return "\(name) IN (\(constant()), \(constant()), \(constant()))"
        case 3: return "\(name) BETWEEN \(constant()) AND \(constant())"
        case 4: return "NOT (\(name) < \(constant()) OR id < 30000)"
        case 5 where column.type.contains("CHAR"):
            let text = constants.randomElement(using: &random) ?? ""
            return "\(name) LIKE '\(text.prefix(Int.random(in: 0...65, using: &random)))%'"
        default:
            let comparison = ["=", "<>", "<", "<=", ">", ">=", "<=>"].randomElement(using: &random)
            return "\(name) \(comparison ?? "=") \(constant())"
        }
    }

    private func compare(_ session: Session, _ condition: String, _ column: Column) throws {
        var wanted = [
            "count(*)", "count(\(column.name))", "count(id)", "sum(id)", "min(id)", "max(id)",
        ]
        if column.type != "BOOLEAN" {
            wanted += ["min", "max"].map {
                column.type == "VARBINARY"
                    ? "hex(\($0)(\(column.name)))" : "\($0)(\(column.name)) + 0"
            }
        }
        if column.type.contains("CHAR") || column.type.hasPrefix("DATE") {
            wanted = wanted.map { $0.replacing(" + 0", with: "") }
        }
        let list = wanted.map { "CAST(\($0) AS STRING)" }.joined(separator: ", ")
        let whole = "WHERE coalesce(\(condition), FALSE)"
        let pruned = try Self.rows(session, "SELECT \(list) FROM t WHERE \(condition)")
        let all = try Self.rows(session, "SELECT \(list) FROM t \(whole)")
        #expect(pruned == all, "\(condition)")
        guard column.hasSum else { return }
        // Some sums are too large for their type, either way.
        let sum = "SELECT CAST(sum(\(column.name)) AS STRING) FROM t"
        let prunedSum = try? Self.rows(session, "\(sum) WHERE \(condition)")
        #expect(prunedSum == (try? Self.rows(session, "\(sum) \(whole)")), "\(condition)")
    }

    private func compareJoin(_ session: Session, _ column: Column, _ constants: [String]) throws {
        // A join and = do not agree about NaN.
        let keys = constants.filter { $0 != "nan" }.map { "(\(literal(column, $0)))" }
            .joined(separator: ", ")
        let list = "SELECT CAST(count(*) AS STRING), CAST(sum(id) AS STRING) FROM t"
        let joined = "JOIN (SELECT DISTINCT k FROM (VALUES \(keys)) AS v(k)) AS d ON"
        let pruned = try Self.rows(session, "\(list) \(joined) t.\(column.name) = d.k")
        let all = try Self.rows(
            session, "\(list) \(joined) coalesce(t.\(column.name) = d.k, FALSE)")
        #expect(pruned == all, "join over \(column.name)")
    }

    private func compareOrder(_ session: Session, _ column: Column) throws {
        for order in ["ASC NULLS LAST", "DESC NULLS LAST", "ASC", "DESC"] {
            let shown = column.type == "VARBINARY" ? "hex(k)" : "CAST(k AS STRING)"
            let pruned = try Self.rows(
                session,
                "SELECT \(shown) FROM (SELECT \(column.name) AS k FROM t "
                    + "ORDER BY \(column.name) \(order) LIMIT 5) AS o")
            let all = try Self.rows(
                session,
                "SELECT \(shown) FROM (SELECT k FROM (SELECT \(column.name) AS k, "
                    + "row_number() OVER (ORDER BY \(column.name) \(order)) AS n FROM t) AS r "
                    + "WHERE n <= 5 ORDER BY n) AS o")
            // The zeros are one value.
            #expect(pruned.map(Self.unsigned) == all.map(Self.unsigned), "\(column.name) \(order)")
        }
    }

    private static func unsigned(_ row: [String?]) -> [String?] {
        row.map { $0 == "-0" ? "0" : $0 }
    }

    private static func rows(_ session: Session, _ query: String) throws -> [[String?]] {
        let result = try session.execute(query)
        let columns = result.columns.indices.map { result.texts($0) }
        return result.rows.indices.map { row in columns.map { $0[row] } }
    }
}

/// Gives the same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
