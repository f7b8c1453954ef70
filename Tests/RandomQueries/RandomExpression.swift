// Random expressions over the columns in scope. All of them are total: none can overflow, divide
// by zero or lose digits, so that every way to run a query must give the same.

import StarlingTestSupport

extension RandomQuery {
    /// Writes an expression of a kind.
    mutating func expression(_ kind: ValueKind, depth: Int = 2) -> String {
        if depth == 0 || chance(1, of: 3) { return leaf(kind) }
        switch kind {
        case .integer: return integer(depth - 1)
        case .decimal:
            return pick([
                "(\(expression(.decimal, depth: depth - 1)) + \(leaf(.decimal)))",
                "(\(leaf(.decimal)) * 2)", "abs(\(leaf(.decimal)))",
                "coalesce(\(leaf(.decimal)), 0.5)",
            ])
        case .real:
            return pick([
                "(\(expression(.real, depth: depth - 1)) - \(leaf(.real)))",
                "(\(leaf(.real)) / 2)", "floor(\(leaf(.real)))",
                "CAST(\(expression(.integer, depth: 0)) % 1000 AS DOUBLE)",
            ])
        case .text:
            return pick([
                "concat(\(leaf(.text)), \(expression(.text, depth: depth - 1)))",
                "upper(\(leaf(.text)))", "substr(\(leaf(.text)), 1, 3)",
                "CAST(\(leaf(.date)) AS VARCHAR)", "coalesce(\(leaf(.text)), 'none')",
            ])
        case .date:
            return pick([
                "date_add(\(leaf(.date)), INTERVAL \(number(1...40)) DAY)",
                "date_trunc('month', \(leaf(.date)))",
                "if(\(condition(depth - 1)), \(leaf(.date)), \(leaf(.date)))",
            ])
        case .flag: return "(\(condition(depth - 1)))"
        }
    }

    private mutating func integer(_ depth: Int) -> String {
        pick([
            "(\(expression(.integer, depth: depth)) % 100 + \(leaf(.integer)) % 100)",
            "(\(leaf(.integer)) - \(number(0...9)))", "length(\(expression(.text, depth: depth)))",
            "month(\(leaf(.date)))", "coalesce(\(leaf(.integer)), \(number(0...9)))",
            "CASE WHEN \(condition(depth)) THEN \(leaf(.integer)) ELSE \(leaf(.integer)) END",
            "nullif(\(leaf(.integer)), \(number(0...5)))",
            "if(\(condition(depth)), \(leaf(.integer)), NULL)",
        ])
    }

    /// Writes a column of the kind that is in scope, or a constant.
    mutating func leaf(_ kind: ValueKind) -> String {
        let columns = scope.filter { $0.kind == kind }
        if !columns.isEmpty, !chance(1, of: 5) { return pick(columns).name }
        if chance(1, of: 12) { return "NULL" }
        switch kind {
        case .integer: return number(-3...12)
        case .decimal: return "\(number(-50...50)).5"
        case .real: return "CAST(\(number(-9...9)) AS DOUBLE)"
        case .text: return pick(["'a'", "'ab'", "''", "'zebra'", "'note 7'"])
        case .date: return "DATE '2024-0\(number(1...9))-15'"
        case .flag: return pick(["TRUE", "FALSE"])
        }
    }

    /// Writes a condition.
    mutating func condition(_ depth: Int) -> String {
        if depth > 0 {
            switch number(in: 0..<6) {
            case 0: return "(\(condition(depth - 1)) AND \(condition(depth - 1)))"
            case 1: return "(\(condition(depth - 1)) OR \(condition(depth - 1)))"
            case 2: return "NOT (\(condition(depth - 1)))"
            case 3 where subqueryDepth > 0: return subqueryCondition()
            default: break
            }
        }
        let kind = pick(ValueKind.allCases)
        let value = expression(kind, depth: min(depth, 1))
        switch number(in: 0..<7) {
        case 0: return "\(value) IS \(pick(["", "NOT "]))NULL"
        case 1 where kind != .flag: return "\(value) BETWEEN \(leaf(kind)) AND \(leaf(kind))"
        case 2 where kind != .flag:
            return "\(value) \(pick(["", "NOT "]))IN (\(leaf(kind)), \(leaf(kind)))"
        case 3 where kind == .text:
            return "\(value) LIKE \(pick(["'a%'", "'%b%'", "'_'", "'note 1%'"]))"
        case 4: return "\(value) <=> \(leaf(kind))"
        default: return "\(value) \(pick(["=", "<>", "<", "<=", ">", ">="])) \(leaf(kind))"
        }
    }

    /// Writes an aggregate and tells the kind of its result. Sums of halves and quarters are
    /// exact in any order.
    mutating func aggregate() -> (text: String, kind: ValueKind) {
        let filter = chance(1, of: 6) ? " FILTER (WHERE \(condition(1)))" : ""
        let kind = pick(ValueKind.allCases)
        switch number(in: 0..<13) {
        case 5: return ("count_if(\(condition(1)))" + filter, .integer)
        case 6:
            let value = expression(kind, depth: 1)
            let order = "ORDER BY \(value)\(pick(["", " DESC", " DESC NULLS FIRST"]))"
            let distinct = pick(["", "DISTINCT "])
            return ("group_concat(\(distinct)\(value) \(order) SEPARATOR '|')" + filter, .text)
        case 7:
            // Both arguments are one, so that ties don't matter.
            let value = expression(kind, depth: 1)
            return ("\(pick(["max_by", "min_by"]))(\(value), \(value))" + filter, kind)
        case 8:
            let value = "percentile_disc(\(leaf(kind)), \(pick(["0", "0.25", "0.5", "1"])))"
            return (value + filter, kind)
        case 9:
            let distinct = pick(["", "DISTINCT "])
            return ("array_length(array_agg(\(distinct)\(leaf(kind)))\(filter))", .integer)
        case 0: return ("count(*)" + filter, .integer)
        case 1: return ("count(DISTINCT \(expression(kind, depth: 1)))" + filter, .integer)
        case 2: return ("sum(\(leaf(.integer)))" + filter, .integer)
        case 3: return ("sum(\(pick(["", "DISTINCT "]))\(leaf(.decimal)))" + filter, .decimal)
        case 4: return ("count(\(expression(kind, depth: 1)))" + filter, .integer)
        default:
            return ("\(pick(["min", "max"]))(\(expression(kind, depth: 1)))" + filter, kind)
        }
    }
}
