// Writes random queries whose rows do not depend on how they are run.

import StarlingTestSupport

/// Writes one query after the other.
public struct RandomQuery {
    var generator: SeededGenerator
    /// The columns that expressions may refer to, with the names of their tables before them.
    var scope: [RandomColumn] = []
    /// How many levels of subqueries may still come.
    var subqueryDepth = 2
    private var nameCount = 0

    public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// The statements that make the tables.
    public mutating func tableStatements() -> [String] {
        RandomTable.all.flatMap { $0.statements(&generator) }
    }

    /// Writes a query; it may end in ORDER BY over everything it gives and LIMIT.
    public mutating func next() -> String {
        scope = []
        subqueryDepth = 2
        nameCount = 0
        if chance(1, of: 6) { return shape() }
        let kinds = (0..<number(in: 1..<4)).map { _ in pick(ValueKind.allCases) }
        var text = select(kinds)
        if chance(1, of: 5) {
            let operation = pick([
                "UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL",
            ])
            text += " \(operation) " + select(kinds)
        }
        guard chance(1, of: 3) else { return text }
        let order = kinds.indices.map { "\($0 + 1)\(pick(["", " DESC"]))" }
        text = "SELECT * FROM (\(text)) AS result ORDER BY \(order.joined(separator: ", "))"
        return text + " LIMIT \(number(in: 0..<30))" + (chance(1, of: 3) ? " OFFSET 3" : "")
    }

    /// Writes a SELECT that gives columns of these kinds.
    mutating func select(_ kinds: [ValueKind]) -> String {
        let outer = scope
        defer { scope = outer }
        let from = source()
        // Inside of a subquery columns of the query around it stay in reach.
        scope = from.columns + (chance(1, of: 2) ? outer : [])
        let filter = chance(2, of: 3) ? " WHERE \(condition(2))" : ""
        switch number(in: 0..<4) {
        case 0:
            // An aggregate of columns of the query around it would be that query's own.
            scope = from.columns
            return grouped(kinds, " FROM \(from.text)\(filter)")
        case 1: return windowed(kinds, from.columns, " FROM \(from.text)\(filter)")
        default:
            let items = kinds.map { item($0) }
            return "SELECT \(pick(["", "", "DISTINCT "]))\(items.joined(separator: ", "))"
                + " FROM \(from.text)\(filter)"
        }
    }

    private mutating func item(_ kind: ValueKind) -> String {
        subqueryDepth > 0 && chance(1, of: 8) ? scalarSubquery(kind) : expression(kind)
    }

    private mutating func grouped(_ kinds: [ValueKind], _ rest: String) -> String {
        let sets = chance(1, of: 5)
        let keys = (0..<number(in: 0..<3)).map { _ in expression(pick(ValueKind.allCases), depth: 1)
        }
        let items = kinds.map { kind in
            var found = aggregate()
            for _ in 0..<20 where found.kind != kind { found = aggregate() }
            return found.kind == kind ? found.text : "max(\(expression(kind, depth: 1)))"
        }
        var text = "SELECT \(items.joined(separator: ", "))" + rest
        if !keys.isEmpty {
            let list = keys.joined(separator: ", ")
            text += " GROUP BY " + (sets ? "\(pick(["ROLLUP", "CUBE"]))(\(list))" : list)
        }
        return text + (chance(1, of: 4) ? " HAVING count(*) \(pick([">", "<="])) 1" : "")
    }

    private mutating func windowed(
        _ kinds: [ValueKind], _ own: [RandomColumn], _ rest: String
    ) -> String {
        let items = kinds.map { kind in
            let part = chance(1, of: 2) ? "PARTITION BY \(leaf(pick(ValueKind.allCases))) " : ""
            let order = "ORDER BY \(pick(own).name)\(pick(["", " DESC"]))"
            let frame = pick([
                "", "", " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
                " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
            ])
            if kind == .integer {
                let function = pick([
                    "rank()", "dense_rank()", "count(\(leaf(.text)))",
                    "count(DISTINCT \(leaf(.text)))",
                    "count(*) FILTER (WHERE \(condition(1)))",
                ])
                return "\(function) OVER (\(part)\(order))"
            }
            return "\(pick(["min", "max"]))(\(leaf(kind))) OVER (\(part)\(order)\(frame))"
        }
        return "SELECT \(items.joined(separator: ", "))" + rest
    }

    // MARK: Names and numbers

    mutating func freshName() -> String {
        nameCount += 1
        return "t\(nameCount)"
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements.randomElement(using: &generator)!
    }

    mutating func chance(_ share: Int, of whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &generator) < share
    }

    mutating func number(in range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func number(_ range: ClosedRange<Int>) -> String {
        "\(Int.random(in: range, using: &generator))"
    }
}
