// Makes random queries for views: blocks over tables, views and other blocks, with every kind of join,
// subqueries, groups, windows and sets. What a query gives does not depend on the order of rows.

import StarlingTestSupport

struct RandomViewQuery {
    var chance: SeededGenerator
    private let relations: [RandomRelation]
    private var nextAlias = 0

    init(_ relations: [RandomRelation], _ chance: SeededGenerator) {
        self.relations = relations
        self.chance = chance
    }

    typealias Made = (sql: String, columns: [RandomColumn])

    mutating func make(depth: Int) -> Made {
        switch chance.below(10) {
        case 0: return union(depth)
        case 1 where depth > 0: return setOperation(depth)
        case 2 where depth > 0: return common(depth)
        case 3...5: return groups(depth)
        case 6: return windows(depth)
        default: return rows(depth)
        }
    }

    // MARK: What is read

    private mutating func alias() -> String {
        nextAlias += 1
        return "q\(nextAlias)"
    }

    /// Gives a source under a name, and its columns under that name.
    private mutating func source(_ depth: Int) -> (sql: String, columns: [RandomColumn]) {
        let name = alias()
        let columns: [RandomColumn]
        let sql: String
        if depth > 0, chance.below(3) == 0 {
            let inner = make(depth: depth - 1)
            sql = "(\(inner.sql)) AS \(name)"
            columns = inner.columns
        } else {
            let relation = chance.pick(relations)
            sql = "\(relation.name) AS \(name)"
            columns = relation.columns
        }
        return (
            sql,
            columns.map { column in
                RandomColumn(
                    name: "\(name).\(column.name)", kind: column.kind,
                    isNullable: column.isNullable)
            }
        )
    }

    private mutating func pair(
        _ left: [RandomColumn], _ right: [RandomColumn]
    ) -> (RandomColumn, RandomColumn)? {
        for _ in 0..<10 {
            let first = chance.pick(left)
            let like = right.filter { $0.kind == first.kind }
            if !like.isEmpty { return (first, chance.pick(like)) }
        }
        return nil
    }

    private mutating func from(_ depth: Int) -> (sql: String, columns: [RandomColumn]) {
        var (sql, columns) = source(depth)
        for _ in 0..<chance.below(3) {
            let other = source(depth - 1)
            guard let (left, right) = pair(columns, other.columns) else { break }
            let kind = chance.pick([
                "INNER JOIN", "INNER JOIN", "INNER JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN",
                "FULL JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN",
            ])
            var condition = "\(left.name) = \(right.name)"
            if chance.below(4) == 0, kind != "FULL JOIN",
                let (first, second) = pair(columns, other.columns)
            {
                condition += " AND \(first.name) \(chance.pick(["<", ">=", "<>"])) \(second.name)"
            }
            sql += " \(kind) \(other.sql) ON \(condition)"
            if !kind.contains("SEMI"), !kind.contains("ANTI") { columns += other.columns }
        }
        return (sql, columns)
    }

    private mutating func condition(_ columns: [RandomColumn], _ depth: Int) -> String {
        let column = chance.pick(columns)
        switch chance.below(9) {
        case 0: return "\(column.name) IS \(chance.pick(["", "NOT "]))NULL"
        case 1: return "\(column.name) <= \(column.kind.value(&chance))"
        case 2: return "\(column.name) > \(column.kind.value(&chance))"
        case 3: return "\(column.name) <> \(column.kind.value(&chance))"
        case 4...6 where depth > 0:
            let inner = source(0)
            guard let (outer, match) = pair(columns, inner.columns) else { return "TRUE" }
            let kind = chance.pick(["EXISTS", "NOT EXISTS", "IN", "SCALAR"])
            if kind == "IN" {
                return "\(outer.name) IN (SELECT \(match.name) FROM \(inner.sql))"
            }
            if kind == "SCALAR" {
                return "2 < (SELECT count(*) FROM \(inner.sql) WHERE \(match.name) = \(outer.name))"
            }
            return "\(kind) (SELECT 1 FROM \(inner.sql) WHERE \(match.name) = \(outer.name))"
        default: return "\(column.name) = \(column.kind.value(&chance))"
        }
    }

    private mutating func filter(_ columns: [RandomColumn], _ depth: Int) -> String {
        switch chance.below(4) {
        case 0: return " WHERE \(condition(columns, depth))"
        case 1:
            let (first, second) = (condition(columns, depth), condition(columns, 0))
            return " WHERE \(first) \(chance.pick(["AND", "OR"])) \(second)"
        default: return ""
        }
    }

    // MARK: Blocks

    private mutating func item(_ columns: [RandomColumn], _ place: Int) -> (String, RandomColumn) {
        let column = chance.pick(columns)
        var sql = column.name
        var kind = column.kind
        switch chance.below(6) {
        case 0 where kind == .int: sql = "\(column.name) + \(chance.below(3))"; kind = .bigint
        case 1 where kind == .text: sql = "concat(\(column.name), 'x')"
        case 2:
            sql = "CASE WHEN \(column.name) IS NULL THEN 1 ELSE 0 END"
            kind = .int
        default: break
        }
        if kind != column.kind || sql != column.name {
            sql = "CAST(\(sql) AS \(kind.name))"
        }
        return ("\(sql) AS c\(place)", RandomColumn(name: "c\(place)", kind: kind))
    }

    private mutating func rows(_ depth: Int) -> Made {
        let from = from(depth)
        var items: [String] = []
        var columns: [RandomColumn] = []
        for place in 0...(1 + chance.below(3)) {
            let (sql, column) = item(from.columns, place)
            items.append(sql)
            columns.append(column)
        }
        let distinct = chance.below(6) == 0 ? "DISTINCT " : ""
        return (
            "SELECT \(distinct)\(items.joined(separator: ", ")) FROM \(from.sql)"
                + filter(from.columns, depth), columns
        )
    }

    private mutating func aggregate(_ columns: [RandomColumn]) -> (String, RandomKind)? {
        let column = chance.pick(columns)
        let filter =
            chance.below(8) == 0 ? " FILTER (WHERE \(condition(columns, 0)))" : ""
        switch chance.below(8) {
        case 0: return ("count(*)\(filter)", .bigint)
        case 1: return ("count(\(column.name))\(filter)", .bigint)
        case 2: return ("count(DISTINCT \(column.name))", .bigint)
        case 3: return ("min(\(column.name))\(filter)", column.kind)
        case 4: return ("max(\(column.name))\(filter)", column.kind)
        case 5 where column.kind.isNumber:
            return ("sum(\(column.name))\(filter)", column.kind == .decimal ? .decimal : .bigint)
        case 6 where column.kind.isNumber:
            return ("CAST(avg(\(column.name))\(filter) AS DECIMAL(30, 4))", .decimal)
        default: return nil
        }
    }

    private mutating func groups(_ depth: Int) -> Made {
        let from = from(depth)
        var items: [String] = []
        var columns: [RandomColumn] = []
        var keys: [String] = []
        let keyCount = chance.below(8) == 0 ? 0 : 1 + chance.below(2)
        for place in 0..<keyCount {
            let (sql, column) = item(from.columns, place)
            keys.append(String(sql.dropLast(" AS c\(place)".count)))
            guard chance.below(5) > 0 else { continue }
            items.append(sql)
            columns.append(column)
        }
        for place in keyCount..<(keyCount + 1 + chance.below(3)) {
            guard let (sql, kind) = aggregate(from.columns) else { continue }
            // What nests further is of few types.
            items.append("CAST(\(sql) AS \(kind.name)) AS c\(place)")
            columns.append(RandomColumn(name: "c\(place)", kind: kind))
        }
        if items.isEmpty {
            items.append("CAST(count(*) AS BIGINT) AS c9")
            columns.append(RandomColumn(name: "c9", kind: .bigint))
        }
        var sql =
            "SELECT \(items.joined(separator: ", ")) FROM \(from.sql)"
            + filter(from.columns, depth)
        if !keys.isEmpty { sql += " GROUP BY \(keys.joined(separator: ", "))" }
        switch chance.below(6) {
        case 0: sql += " HAVING count(*) > 1"
        case 1 where from.columns.contains(where: { $0.kind == .int }):
            let number = from.columns.first { $0.kind == .int }!
            sql += " HAVING sum(\(number.name)) > 3 OR min(\(number.name)) IS NULL"
        default: break
        }
        return (sql, columns)
    }

    private mutating func windows(_ depth: Int) -> Made {
        let from = from(depth)
        let all = from.columns.map(\.name).joined(separator: ", ")
        let partition = chance.pick(from.columns)
        let order = chance.pick(from.columns)
        let number = from.columns.first { $0.kind == .int } ?? order
        let function = chance.pick([
            "rank() OVER (PARTITION BY \(partition.name) ORDER BY \(order.name))",
            "dense_rank() OVER (PARTITION BY \(partition.name) ORDER BY \(order.name) DESC)",
            "row_number() OVER (PARTITION BY \(partition.name) ORDER BY \(all))",
            "count(\(number.name)) OVER (PARTITION BY \(partition.name))",
            "count(*) OVER (PARTITION BY \(partition.name) ORDER BY \(order.name))",
        ])
        let columns = [
            RandomColumn(name: "c0", kind: partition.kind),
            RandomColumn(name: "c1", kind: order.kind),
            RandomColumn(name: "c2", kind: .bigint),
        ]
        let hides = chance.below(4) == 0
        let list = hides ? "\(order.name) AS c0" : "\(partition.name) AS c0"
        let sql =
            "SELECT \(list), \(order.name) AS c1, CAST(\(function) AS BIGINT) AS c2 "
            + "FROM \(from.sql)" + filter(from.columns, depth)
        let shown = hides ? [RandomColumn(name: "c0", kind: order.kind)] + columns[1...] : columns
        guard chance.below(2) == 0 else { return (sql, Array(shown)) }
        return ("SELECT c0, c1, c2 FROM (\(sql)) AS \(alias()) WHERE c2 <= 2", Array(shown))
    }

    private mutating func union(_ depth: Int) -> Made {
        let first = rows(depth)
        let from = source(depth - 1)
        var items: [String] = []
        for column in first.columns {
            let like = from.columns.filter { $0.kind == column.kind }
            items.append(like.isEmpty ? column.kind.value(&chance) : chance.pick(like).name)
        }
        let cast = zip(items, first.columns).map { "CAST(\($0) AS \($1.kind.name)) AS \($1.name)" }
        let kind = chance.pick(["UNION ALL", "UNION ALL", "UNION"])
        return (
            "\(first.sql) \(kind) SELECT \(cast.joined(separator: ", ")) FROM \(from.sql)",
            first.columns
        )
    }

    private mutating func setOperation(_ depth: Int) -> Made {
        let (left, right) = (source(0), source(0))
        guard let (first, second) = pair(left.columns, right.columns) else { return rows(depth) }
        let kind = chance.pick(["INTERSECT", "EXCEPT"])
        return (
            "SELECT \(first.name) AS c0 FROM \(left.sql) \(kind) "
                + "SELECT \(second.name) AS c0 FROM \(right.sql)",
            [RandomColumn(name: "c0", kind: first.kind)]
        )
    }

    private mutating func common(_ depth: Int) -> Made {
        let inner = make(depth: depth - 1)
        guard let column = inner.columns.first else { return rows(depth) }
        let (name, left, right) = (alias(), alias(), alias())
        return (
            "WITH \(name) AS (\(inner.sql)) SELECT \(left).\(column.name) AS c0 "
                + "FROM \(name) AS \(left) "
                + "LEFT JOIN \(name) AS \(right) ON \(left).\(column.name) = \(right).\(column.name)",
            [RandomColumn(name: "c0", kind: column.kind)]
        )
    }
}
