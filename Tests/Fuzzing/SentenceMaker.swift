// A grammar of queries, each rule a function that chooses among its forms.

import StarlingTestSupport

struct SentenceMaker {
    private var chance: SeededGenerator

    init(_ chance: SeededGenerator) { self.chance = chance }

    private static let binary = [
        "+", "-", "*", "/", "DIV", "%", "=", "<>", "!=", "<", "<=", ">", ">=", "<=>", "AND", "OR",
        "&&", "||", "&", "|", "^", "<<", ">>", "XOR", "->", "LIKE", "NOT LIKE", "REGEXP", "IS",
    ]
    private static let prefixes = ["-", "+", "NOT ", "!", "~", "- -", "NOT NOT "]
    private static let names = ["a", "b", "t.c", "`od``d`", "`select`", "db.t.x", "_y1", "名"]
    private static let literals = [
        "1", "0", "1.50", ".5", "1e10", "1E-3", "'x'", "'it''s'", "'\\n'", "NULL", "TRUE", "FALSE",
        "9223372036854775808", "x'0aFF'", "DATE '2020-02-02'", "''", "'%'", "@v",
        "@@session.sql_mode",
    ]
    private static let types = [
        "INT", "DECIMAL(10, 2)", "VARCHAR(3)", "ARRAY<INT>", "MAP<INT, VARCHAR>",
        "STRUCT<a INT, b ARRAY<DOUBLE>>", "DATETIME", "JSON",
    ]
    private static let joins = [
        "JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT SEMI JOIN",
        "LEFT ANTI JOIN", "NULL AWARE LEFT ANTI JOIN",
    ]

    mutating func query(depth: Int) -> String {
        var text = ""
        if chance.below(6) == 0 {
            let recursive = chance.below(3) == 0 ? "RECURSIVE " : ""
            text = "WITH \(recursive)w (x) AS (\(query(depth: depth - 1))) "
        }
        text += body(depth: depth)
        if chance.below(3) == 0 {
            text += " ORDER BY " + list(1...2) { "\($0.expression(depth: 1))\($0.direction())" }
        }
        switch chance.below(6) {
        case 0: text += " LIMIT 3"
        case 1: text += " LIMIT 3 OFFSET 4"
        default: break
        }
        return text
    }

    private mutating func body(depth: Int) -> String {
        guard depth > 0, chance.below(5) == 0 else { return select(depth: depth) }
        let operation = chance.pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT", "MINUS"])
        var sides = [select(depth: depth - 1), select(depth: depth - 1)]
        for side in sides.indices where chance.below(3) == 0 {
            sides[side] = "(\(query(depth: depth - 1)))"
        }
        return sides.joined(separator: " \(operation) ")
    }

    private mutating func select(depth: Int) -> String {
        let distinct = chance.below(5) == 0 ? "DISTINCT " : ""
        var text = "SELECT \(distinct)" + list(1...3) { $0.item(depth: depth) }
        if chance.below(8) != 0 { text += " FROM " + source(depth: depth - 1) }
        if chance.below(2) == 0 { text += " WHERE " + expression(depth: depth) }
        if chance.below(4) == 0 {
            let form = chance.pick(["#", "ROLLUP (#)", "CUBE (#)", "GROUPING SETS ((#), ())"])
            let keys = list(1...2) { $0.expression(depth: 1) }
            let pieces = form.split(separator: "#", omittingEmptySubsequences: false)
            text += " GROUP BY " + pieces.joined(separator: keys)
            if chance.below(2) == 0 { text += " HAVING " + expression(depth: 1) }
        }
        if chance.below(8) == 0 { text += " QUALIFY " + expression(depth: 1) }
        return text
    }

    private mutating func item(depth: Int) -> String {
        switch chance.below(8) {
        case 0: "*"
        case 1: "t.*"
        case 2: "\(expression(depth: depth)) AS y"
        default: expression(depth: depth)
        }
    }

    private mutating func source(depth: Int) -> String {
        switch chance.below(depth > 0 ? 6 : 2) {
        case 0: return "t"
        case 1: return "db.u AS v"
        case 2: return "(\(query(depth: depth - 1))) AS d"
        case 3: return "unnest(\(expression(depth: 1))) AS u (e)"
        default:
            let join = chance.pick(Self.joins)
            let right = source(depth: depth - 1)
            let inner = chance.below(4) == 0 ? "(\(right) CROSS JOIN s)" : right
            return "\(source(depth: depth - 1)) \(join) \(inner) ON \(expression(depth: depth))"
        }
    }

    mutating func expression(depth: Int) -> String {
        guard depth > 0 else { return chance.below(2) == 0 ? chance.pick(Self.names) : literal() }
        switch chance.below(16) {
        case 0...4: return binary(depth: depth)
        case 5: return chance.pick(Self.prefixes) + expression(depth: depth - 1)
        case 6: return "(\(expression(depth: depth - 1)))"
        case 7:
            let not = chance.pick(["", "NOT "])
            let bounds = "\(operand(depth)) AND \(operand(depth))"
            return "\(operand(depth)) \(not)BETWEEN \(bounds)"
        case 8:
            let not = chance.pick(["", "NOT "])
            return "\(operand(depth)) \(not)IN (\(list(1...3) { $0.expression(depth: depth - 1) }))"
        case 9:
            let otherwise = chance.below(2) == 0 ? " ELSE \(expression(depth: depth - 1))" : ""
            let condition = expression(depth: depth - 1)
            return "CASE WHEN \(condition) THEN \(operand(depth))\(otherwise) END"
        case 10: return "CAST(\(expression(depth: depth - 1)) AS \(chance.pick(Self.types)))"
        case 11:
            let not = chance.pick(["", "NOT "])
            return "\(operand(depth)) IS \(not)\(chance.pick(["NULL", "TRUE"]))"
        case 12: return call(depth: depth)
        case 13: return subquery(depth: depth)
        case 14: return nested(depth: depth)
        default: return expression(depth: 0)
        }
    }

    /// Makes an expression that stands on one side of an operator.
    private mutating func operand(_ depth: Int) -> String {
        let inner = expression(depth: depth - 1)
        return chance.below(2) == 0 ? "(\(inner))" : chance.below(2) == 0 ? inner : literal()
    }

    private mutating func binary(depth: Int) -> String {
        let sign = chance.pick(Self.binary)
        if sign == "IS" { return "(\(expression(depth: depth - 1))) IS NULL" }
        if sign == "->" { return "j -> '$.a'" }
        return "\(operand(depth)) \(sign) \(operand(depth))"
    }

    private mutating func call(depth: Int) -> String {
        switch chance.below(6) {
        case 0: return "count(DISTINCT \(expression(depth: depth - 1)))"
        case 1:
            let order = expression(depth: 1)
            let frame = chance.pick([
                "", " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", " RANGE UNBOUNDED PRECEDING",
            ])
            return "sum(\(expression(depth: 1))) OVER (PARTITION BY a ORDER BY \(order)\(frame))"
        case 2: return "date_add(d, INTERVAL \(expression(depth: 0)) DAY)"
        case 3: return "array_map(x -> \(expression(depth: depth - 1)), [1, 2])"
        case 4: return "count(*)"
        default: return "f(\(list(0...3) { $0.expression(depth: depth - 1) }))"
        }
    }

    private mutating func subquery(depth: Int) -> String {
        switch chance.below(4) {
        case 0: "EXISTS (\(query(depth: depth - 1)))"
        case 1: "\(operand(depth)) NOT IN (\(query(depth: depth - 1)))"
        case 2: "\(operand(depth)) > ANY (\(query(depth: depth - 1)))"
        default: "(\(query(depth: depth - 1)))"
        }
    }

    private mutating func nested(depth: Int) -> String {
        switch chance.below(4) {
        case 0: "[\(list(0...2) { $0.expression(depth: depth - 1) })]"
        case 1: "map{1: \(expression(depth: depth - 1))}"
        case 2: "a[\(expression(depth: depth - 1))]"
        default: "row(1, \(expression(depth: depth - 1))).col1"
        }
    }

    private mutating func literal() -> String { chance.pick(Self.literals) }

    private mutating func direction() -> String {
        chance.pick(["", " DESC", " ASC NULLS LAST", " DESC NULLS FIRST"])
    }

    private mutating func list(
        _ counts: ClosedRange<Int>, _ make: (inout SentenceMaker) -> String
    ) -> String {
        let count = Int.random(in: counts, using: &chance)
        var parts: [String] = []
        for _ in 0..<count { parts.append(make(&self)) }
        return parts.joined(separator: ", ")
    }
}
