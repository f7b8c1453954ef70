// Makes scripts about documents that become columns: rows that follow a shape, more or less, and questions
// about the paths of that shape at all types.

import StarlingTestSupport

struct FlatteningScriptMaker: PairScriptMaker {
    var chance: SeededGenerator
    private var shape = DocumentShape()
    private var rowCount = 0

    init(_ chance: SeededGenerator) { self.chance = chance }

    mutating func lines() -> [String] {
        shape = DocumentShape(&chance, depth: 3)
        var lines = chance.below(2) == 0 ? ["STORED"] : []
        lines.append(
            "MADE CREATE TABLE @ (id BIGINT, d JSON) PROPERTIES (\(properties()))")
        lines.append(
            "MADE CREATE TABLE plain (id BIGINT, d JSON) "
                + "PROPERTIES ('flat_json.enable' = 'false')")
        for _ in 0..<(1 + chance.below(3)) {
            lines.append(insertion())
            lines += questions(8)
            switch chance.below(5) {
            case 0: lines.append("MADE ALTER TABLE @ SET (\(properties()))")
            case 1: shape.drift(&chance)
            case 2: lines.append("BOTH DELETE FROM @ WHERE id % \(2 + chance.below(7)) = 0")
            case 3:
                lines.append(
                    "BOTH UPDATE @ SET d = parse_json(\(quoted(document()))) "
                        + "WHERE id % \(2 + chance.below(7)) = 1")
            default: lines.append("BOTH OPTIMIZE TABLE @ FINAL")
            }
            lines += questions(4)
        }
        lines.append("REOPEN")
        lines += questions(6)
        lines.append("ASK SELECT id, d FROM @ ORDER BY id")
        return lines
    }

    private mutating func properties() -> String {
        [
            ("flat_json.null.factor", chance.pick(["0.3", "0.9", "1"])),
            ("flat_json.sparsity.factor", chance.pick(["0.3", "0.01", "0.9"])),
            ("flat_json.column.max", chance.pick(["100", "3", "1"])),
        ].map { "'\($0)' = '\($1)'" }.joined(separator: ", ")
    }

    // MARK: Rows

    private mutating func document() -> String {
        switch chance.below(40) {
        case 0: "null"
        case 1: "{}"
        case 2:
            DocumentMaker.document(&chance, depth: 2)
        default: shape.document(&chance)
        }
    }

    private mutating func insertion() -> String {
        let count = chance.pick([3, 200, 1_100, 2_500])
        let rows = (0..<count).map { _ in
            rowCount += 1
            let document = chance.below(50) == 0 ? "NULL" : "parse_json(\(quoted(document())))"
            return "(\(rowCount), \(document))"
        }
        return "BOTH INSERT INTO @ VALUES \(rows.joined(separator: ", "))"
    }

    // MARK: Questions

    private mutating func path() -> String {
        switch chance.below(12) {
        case 0: chance.pick(["nope", "a.nope", "\"\"", "a[0]", "$.*", "b[*].c", "a[*]"])
        case 1: shape.path(&chance) + chance.pick(["[0]", "[*]", ".*", "[0].b", "[-1]", "[1:2]"])
        default: shape.path(&chance)
        }
    }

    private mutating func value() -> String {
        let path = quoted(path())
        let type = chance.pick([
            "BIGINT", "DOUBLE", "VARCHAR(60)", "BOOLEAN", "DATE", "DATETIME", "ARRAY<BIGINT>",
            "ARRAY<STRING>", "ARRAY<JSON>", "LARGEINT", "DECIMAL(20, 4)",
            "STRUCT<a BIGINT, b JSON>",
            "MAP<STRING, JSON>",
        ])
        return chance.pick([
            "get_json_int(d, \(path))", "get_json_double(d, \(path))",
            "get_json_string(d, \(path))",
            "get_json_bool(d, \(path))", "d -> \(path)", "d -> \(path)", "d ->> \(path)",
            "d ->> \(path)", "json_query(d, \(path))", "json_length(d, \(path))",
            "json_exists(d, \(path))", "CAST(d -> \(path) AS \(type))",
            "CAST(d -> \(path) AS \(type))", "json_keys(d -> \(path))", "typeof(d -> \(path))",
        ])
    }

    private mutating func condition() -> String {
        let path = quoted(path())
        let number = chance.pick(["0", "1", "7", "9007199254740993", "1.5", "-3"])
        let text = quoted(chance.pick(["a", "7", "true", "2024-02-29", "", "x1"]))
        return chance.pick([
            "get_json_int(d, \(path)) = \(number)", "get_json_int(d, \(path)) < \(number)",
            "get_json_double(d, \(path)) >= \(number)", "get_json_string(d, \(path)) = \(text)",
            "d ->> \(path) > \(text)", "d ->> \(path) IN (\(text), '1', 'b')",
            "d ->> \(path) LIKE 'a%'", "d -> \(path) = \(number)", "d -> \(path) <> \(text)",
            "d -> \(path) IS NULL", "d -> \(path) IS NOT NULL", "json_exists(d, \(path))",
            "NOT json_exists(d, \(path))", "CAST(d -> \(path) AS DATE) < '2024-06-01'",
            "CAST(d -> \(path) AS BIGINT) BETWEEN 1 AND 8", "d -> \(path) <=> NULL",
            "json_length(d, \(path)) > 1", "get_json_int(d, \(path)) IN (1, 2, NULL)",
        ])
    }

    private mutating func questions(_ count: Int) -> [String] {
        (0..<count).map { _ in
            switch chance.below(9) {
            case 0:
                let value = value()
                return "ASK SELECT v, count(*) FROM (SELECT CAST(\(value) AS VARCHAR) AS v FROM @) "
                    + "AS t GROUP BY v"
            case 1:
                return
                    "ASK SELECT count(*), count(\(value())), count(DISTINCT d -> \(quoted(path()))) "
                    + "FROM @ WHERE \(condition())"
            case 2: return "ASK SELECT id, \(value()), \(value()), d FROM @ WHERE \(condition())"
            case 3:
                return "ASK SELECT id FROM @ WHERE \(condition()) "
                    + "\(chance.pick(["AND", "OR"])) \(condition())"
            case 4: return "ASK SELECT id FROM @ ORDER BY d -> \(quoted(path())), id LIMIT 50"
            case 5:
                return "ASK SELECT id, e.key, e.value FROM @, LATERAL json_each(d -> "
                    + "\(quoted(path()))) AS e"
            case 6:
                return "ASK SELECT min(get_json_int(d, \(quoted(path())))), "
                    + "max(d ->> \(quoted(path()))), sum(get_json_double(d, \(quoted(path())))) FROM @"
            default: return "ASK SELECT id, \(value()), \(value()) FROM @"
            }
        }
    }
}
