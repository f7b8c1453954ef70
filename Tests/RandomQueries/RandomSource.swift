// What random queries select from: tables, derived tables, common table expressions and joins of
// them; and subqueries, correlated or not.

extension RandomQuery {
    typealias Source = (text: String, columns: [RandomColumn])

    /// Writes what stands behind FROM, and which columns it gives.
    mutating func source() -> Source {
        guard chance(1, of: 2) else { return single(RandomTable.all) }
        var result = chance(1, of: 3) ? single(RandomTable.small) : single(RandomTable.all)
        for _ in 0..<number(in: 1..<3) { result = joined(result) }
        return result
    }

    private mutating func single(_ tables: [RandomTable]) -> Source {
        let name = freshName()
        if subqueryDepth > 0, chance(1, of: 6) {
            subqueryDepth -= 1
            defer { subqueryDepth += 1 }
            let outer = scope
            scope = []
            defer { scope = outer }
            let kinds = [ValueKind.integer, pick(ValueKind.allCases)]
            let columns = [
                RandomColumn(name: "\(name).c1", kind: kinds[0]),
                RandomColumn(name: "\(name).c2", kind: kinds[1]),
            ]
            return ("(\(select(kinds))) AS \(name)(c1, c2)", columns)
        }
        let table = pick(tables)
        let columns = RandomTable.columns.map {
            RandomColumn(name: "\(name).\($0.name)", kind: $0.kind)
        }
        return ("`\(table.name)` AS \(name)", columns)
    }

    /// Joins one more table, by a key that few rows share or by any condition where it is small.
    private mutating func joined(_ left: Source) -> Source {
        let isKeyed = chance(3, of: 4)
        let right = isKeyed ? single(RandomTable.all) : single(RandomTable.small)
        let columns = left.columns + right.columns
        let outer = scope
        scope = columns
        defer { scope = outer }
        let kind = pick(["JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        let leftKey = left.columns.first { $0.kind == .integer }!.name
        let rightKey = right.columns.first { $0.kind == .integer }!.name
        let key = "\(leftKey) \(chance(1, of: 6) ? "<=>" : "=") \(rightKey)"
        let depth = subqueryDepth
        subqueryDepth = 0
        let rest = chance(1, of: 3) ? " AND \(condition(1))" : ""
        subqueryDepth = depth
        // Without a key one row of the left side meets a handful of the right.
        let limit = "\(leftKey) % 20 = 3"
        return ("\(left.text) \(kind) \(right.text) ON \(isKeyed ? key : limit)\(rest)", columns)
    }

    /// Writes a condition with a subquery.
    mutating func subqueryCondition() -> String {
        subqueryDepth -= 1
        defer { subqueryDepth += 1 }
        let kind = pick(ValueKind.allCases)
        let value = leaf(kind)
        switch number(in: 0..<3) {
        case 0: return "\(pick(["", "NOT "]))EXISTS (\(select([.integer])))"
        case 1: return "\(value) \(pick(["", "NOT "]))IN (\(select([kind])))"
        default: return "\(value) \(pick(["=", "<", ">="])) \(scalarSubquery(kind))"
        }
    }

    /// Writes a subquery that gives one value.
    mutating func scalarSubquery(_ kind: ValueKind) -> String {
        subqueryDepth -= 1
        defer { subqueryDepth += 1 }
        let outer = scope
        defer { scope = outer }
        let from = single(RandomTable.all)
        // An aggregate of columns of the query around it would be that query's own.
        scope = from.columns
        let aggregate = "\(pick(["min", "max"]))(\(expression(kind, depth: 1)))"
        scope += outer
        return "(SELECT \(aggregate) FROM \(from.text) WHERE \(condition(1)))"
    }
}
