// Makes views with queries that they may answer: over the same tables with the same conditions or
// tighter ones, with the same groups or coarser ones, with another table joined. Whether they do is
// the engine's choice; the rows must be the same.

import StarlingTestSupport

struct RandomRollUp {
    private typealias Block = (tables: [RandomRelation], join: String, columns: [RandomColumn])

    /// The view's query.
    private(set) var view = ""
    private var block: Block
    private let relations: [RandomRelation]
    private var condition = ""
    /// The column and the values of a condition that lists some.
    private var listed: (column: String, values: [String])?
    /// An outer, semi or anti join with another table; empty where there is none.
    private var attachment = ""
    private var keys: [RandomColumn] = []
    private var measures: [RandomColumn] = []
    /// The columns of which keys are computed.
    private var moments: [RandomColumn] = []
    private let isGrouped: Bool

    init(_ relations: [RandomRelation], _ chance: inout SeededGenerator) {
        self.relations = relations
        var tables = [chance.pick(relations)]
        if chance.below(2) == 0 { tables.append(chance.pick(relations)) }
        block = Self.block(tables)
        if chance.below(3) == 0 {
            let other = chance.pick(relations)
            let kind = chance.pick(["LEFT JOIN", "LEFT JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN"])
            let bound = chance.below(3) == 0 ? " AND z.b > 1" : ""
            attachment = " \(kind) \(other.name) AS z ON z.a = x0.b\(bound)"
            if kind == "LEFT JOIN" {
                block.columns += other.columns.map {
                    RandomColumn(name: "z.\($0.name)", kind: $0.kind)
                }
            }
        }
        isGrouped = chance.below(4) > 0
        if chance.below(2) == 0 {
            let column = chance.pick(block.columns)
            condition =
                "\(column.name) \(chance.pick(["<=", ">", "=", "<>"])) \(column.kind.value(&chance))"
            if chance.below(2) == 0 {
                let values = (0..<3).map { _ in column.kind.value(&chance) }
                listed = (column.name, values)
                condition = "\(column.name) IN (\(values.joined(separator: ", ")))"
            }
        }
        for _ in 0...chance.below(3) {
            let column = chance.pick(block.columns)
            keys.append(column)
            guard column.kind.isMoment, chance.below(3) > 0 else { continue }
            let unit = chance.pick(["day", "day", "week", "month", "quarter", "year", "hour"])
            keys[keys.count - 1].name = "date_trunc('\(unit)', \(column.name))"
            moments.append(column)
        }
        measures = (0..<3).map { _ in chance.pick(block.columns) }
        view = query(&chance, isView: true)
    }

    /// Names the columns `x0.a`, `x1.b` …; tables are joined by their first columns.
    private static func block(_ tables: [RandomRelation]) -> Block {
        let columns = tables.enumerated().flatMap { place, table in
            table.columns.map {
                RandomColumn(name: "x\(place).\($0.name)", kind: $0.kind, isNullable: $0.isNullable)
            }
        }
        let join = tables.count > 1 ? "x0.a = x1.a" : ""
        return (tables, join, columns)
    }

    /// Makes a query that the view may answer.
    mutating func query(_ chance: inout SeededGenerator) -> String { query(&chance, isView: false) }

    private func query(_ chance: inout SeededGenerator, isView: Bool) -> String {
        var from = block.tables.enumerated().map { "\($1.name) AS x\($0)" }
        let own = isView ? condition : tighter(&chance)
        var conditions = [block.join, own].filter { !$0.isEmpty }
        var chosen = keys
        var joined = attachment
        if !isView {
            if chance.below(3) == 0 {
                from.append("\(chance.pick(relations).name) AS y")
                let key = keys.first { $0.kind == .int }
                conditions.append("y.a = \(key?.name ?? "x0.a")")
            }
            if chance.below(2) == 0 { from.reverse() }
            if chance.below(2) == 0 {
                let column = chance.pick(chance.below(3) > 0 ? keys : block.columns)
                conditions.append(
                    "\(column.name) \(chance.pick(["<=", ">", "=", "IS NOT NULL AND 1 <"])) "
                        + column.kind.value(&chance))
            }
            if attachment.contains("LEFT JOIN"), chance.below(2) == 0 {
                joined = attachment.replacing("LEFT JOIN", with: "JOIN")
            }
            if chance.below(6) == 0, attachment.isEmpty {
                let key = keys.first { $0.kind == .int }
                let kind = chance.pick(["LEFT JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN"])
                joined =
                    " \(kind) \(chance.pick(relations).name) AS w ON w.a = \(key?.name ?? "x0.a")"
            }
            chosen = keys.filter { _ in chance.below(3) > 0 }
            // What depends on a key may be joined once more.
            if chance.below(6) == 0 { chosen.append(chance.pick(block.columns)) }
            for moment in moments {
                if chance.below(2) == 0 { conditions.append(bound(moment, &chance)) }
                guard chance.below(3) > 0 else { continue }
                let computed = chance.pick(Self.functions)
                    .replacing("#", with: moment.name)
                // What is chosen by its name alone is one of several kinds.
                chosen.append(RandomColumn(name: computed, kind: .text))
            }
            if chance.below(5) == 0 { conditions.shuffle(using: &chance) }
            let texts = conditions + (chosen + keys + measures).map(\.name)
            let readsOther = texts.contains { $0.contains("z.") }
            if joined.contains("LEFT JOIN"), !readsOther, chance.below(3) == 0 { joined = "" }
        }
        let filter =
            conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let list = chosen.enumerated().map { "\($1.name) AS c\($0)" }
        let source = " FROM \(from.joined(separator: " CROSS JOIN "))\(joined)\(filter)"
        guard isGrouped || (!isView && chance.below(3) == 0) else {
            let all =
                list.isEmpty || isView ? keys.enumerated().map { "\($1.name) AS c\($0)" } : list
            return "SELECT \(all.joined(separator: ", "))\(source)"
        }
        let items = measures.enumerated().flatMap { place, column in
            aggregates(column, &chance, isView: isView).enumerated().map {
                "\($1) AS m\(place)_\($0)"
            }
        }
        let groups = chosen.isEmpty ? "" : " GROUP BY \(chosen.map(\.name).joined(separator: ", "))"
        return "SELECT \((list + items).joined(separator: ", "))\(source)\(groups)"
    }

    private static let functions = [
        "year(#)", "month(#)", "date_trunc('month', #)", "date_trunc('week', #)",
        "date_trunc('quarter', #)", "date_trunc('day', #)", "date(#)", "last_day(#)",
        "date_format(#, '%Y-%m')", "date_format(#, '%Y-%m-%d')", "weekofyear(#)", "hour(#)",
        "year(#) * 100 + month(#)", "dayname(CAST(# AS DATE))",
    ]

    /// Makes a condition that often begins or ends with a unit of time.
    private func bound(_ column: RandomColumn, _ chance: inout SeededGenerator) -> String {
        let days = ["2024-01-01", "2024-02-01", "2024-01-08", "2024-02-05", "2024-01-11"]
        let moment = "'\(chance.pick(days))\(chance.pick(["", "", " 12:30:00"]))'"
        switch chance.below(6) {
        case 0: return "\(column.name) BETWEEN '2024-01-01' AND '2024-02-29 23:59:59.999999'"
        case 1: return "NOT (\(column.name) >= \(moment))"
        case 2:
            return
                "\(column.name) >= '2023-12-25' AND \(column.name) \(chance.pick(["<", "<="])) \(moment)"
        case 3: return "date(\(column.name)) \(chance.pick(["=", "<", ">="])) '2024-01-10'"
        case 4: return "(\(column.name) < \(moment) OR \(column.name) IS NULL)"
        default: return "\(column.name) \(chance.pick(["<", "<=", ">", ">="])) \(moment)"
        }
    }

    /// Makes a condition from which that of the view often follows.
    private func tighter(_ chance: inout SeededGenerator) -> String {
        if chance.below(6) == 0 { return "" }
        guard let listed, chance.below(3) > 0 else { return condition }
        let (one, other) = (chance.pick(listed.values), chance.pick(listed.values))
        switch chance.below(3) {
        case 0: return "\(listed.column) = \(one)"
        case 1: return "\(listed.column) IN (\(one), \(other))"
        default: return "(\(listed.column) = \(one) OR \(listed.column) = \(other))"
        }
    }

    private func aggregates(
        _ column: RandomColumn, _ chance: inout SeededGenerator, isView: Bool
    ) -> [String] {
        var all = [
            "count(\(column.name))", "min(\(column.name))", "max(\(column.name))", "count(*)",
        ]
        if column.kind.isNumber {
            all += ["sum(\(column.name))", "CAST(avg(\(column.name)) AS DECIMAL(30, 4))"]
        }
        if !isView {
            all.append("count(DISTINCT \(chance.pick(keys).name))")
            all.append("count(*) FILTER (WHERE \(chance.pick(keys).name) IS NULL)")
        }
        return (0...chance.below(2)).map { _ in chance.pick(all) }
    }
}
