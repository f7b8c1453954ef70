// Plans as text, for EXPLAIN: a line a node, children indented below, details behind the name.

import StarlingTables
import StarlingTypes

/// Prints plans.
package struct PlanPrinter {
    package enum Detail: Int, Comparable, Sendable {
        case brief
        case plain
        case verbose
        case costs

        package static func < (left: Detail, right: Detail) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    private let detail: Detail
    private let remark: (LogicalPlan) -> String?
    /// The columns of the plan, with the aliases of the tables that some are read from.
    private var known: [ColumnID: (name: String, table: String?)] = [:]

    /// `remark` adds what is known of a node beyond the plan, as measurements.
    package init(detail: Detail, remark: @escaping (LogicalPlan) -> String? = { _ in nil }) {
        self.detail = detail
        self.remark = remark
    }

    package func lines(of plan: LogicalPlan) -> [String] {
        var lines: [String] = []
        var printer = self
        printer.learn(plan)
        printer.add(plan, depth: 0, to: &lines)
        return lines
    }

    private mutating func learn(_ plan: LogicalPlan) {
        var table: String?
        if case .scan(let node) = plan.node { table = node.alias }
        for column in plan.outputColumns where known[column.id] == nil {
            known[column.id] = (column.name, table)
        }
        for child in plan.children { learn(child) }
        if case .scan(let node) = plan.node {
            for scanned in node.columns { known[scanned.column.id] = (scanned.column.name, table) }
        }
    }

    /// Finds other names for columns of an expression that have one name: `a.x = b.x`.
    private func distinctNames(in expression: BoundExpression) -> [ColumnID: String] {
        var columns = Set<ColumnID>()
        expression.collectColumns(into: &columns)
        guard columns.count > 1 else { return [:] }
        var result: [ColumnID: String] = [:]
        for (name, alike) in Dictionary(grouping: columns, by: { known[$0]?.name ?? "" })
        where alike.count > 1 {
            let tables = Set(alike.map { known[$0]?.table ?? "" })
            for column in alike {
                let table = tables.count == alike.count ? known[column]?.table : nil
                result[column] = table.map { "\($0).\(name)" } ?? "\(name)#\(column.number)"
            }
        }
        return result
    }

    private func add(_ plan: LogicalPlan, depth: Int, to lines: inout [String]) {
        let indent = String(repeating: "  ", count: depth)
        var head = indent + title(of: plan)
        if detail >= .plain, let rows = plan.estimatedRowCount {
            let count = Self.count(rows)
            head += "  (~\(count) \(count == 1 ? "row" : "rows")"
            if detail >= .costs { head += ", ~\(Self.count(rowsBelow(plan))) below" }
            head += ")"
        }
        if let remark = remark(plan) { head += "  [\(remark)]" }
        lines.append(head)
        for line in details(of: plan) { lines.append("\(indent)    \(line)") }
        if detail >= .verbose, !plan.outputColumns.isEmpty {
            let columns = plan.outputColumns.map { "\(name($0)) \($0.type)" }
            lines.append("\(indent)    gives: \(columns.joined(separator: ", "))")
        }
        for child in plan.children { add(child, depth: depth + 1, to: &lines) }
    }

    private static func count(_ number: Double) -> Int { Int(min(number, 1e15).rounded()) }

    /// Adds up the rows that a plan's operators give to each other, which is what it costs.
    private func rowsBelow(_ plan: LogicalPlan) -> Double {
        plan.children.reduce(0) { $0 + ($1.estimatedRowCount ?? 0) + rowsBelow($1) }
    }

    private func name(_ column: PlanColumn) -> String {
        detail >= .verbose ? "\(column.name)#\(column.id.number)" : column.name
    }

    private func text(_ expression: BoundExpression) -> String {
        var printer = ExpressionPrinter(showsIdentities: detail >= .verbose)
        if detail < .verbose { printer.names = distinctNames(in: expression) }
        return printer.text(of: expression)
    }

    private func title(of plan: LogicalPlan) -> String {
        switch plan.node {
        case .scan(let node): "SCAN \(node.alias) (\(node.table.title))"
        case .values(let node):
            "VALUES of \(node.rowCount) \(node.rowCount == 1 ? "row" : "rows")"
                + (node.origin.map { " (\($0))" } ?? "")
        case .filter: "FILTER"
        case .project: "PROJECT"
        case .aggregate(let node): node.aggregates.isEmpty ? "DISTINCT" : "AGGREGATE"
        case .join(let node): "\(joinName(node)) JOIN, builds \(node.buildSide)"
        case .window: "WINDOW"
        case .unnest(let node): node.isOuter ? "OUTER UNNEST" : "UNNEST"
        case .sort(let node): node.limit == nil ? "SORT" : "TOP-N \(node.limit!)"
        case .limit(let node): "LIMIT \(node.limit.map(String.init) ?? "ALL")"
        case .setOperation(let node):
            "\(node.kind)".uppercased() + (node.keepsDuplicates ? " ALL" : "")
        case .shared(let node): "WITH \(node.name)"
        case .sharedScan(let node): "SCAN OF \(node.name)"
        case .recursion(let node): "RECURSION \(node.name)"
        }
    }

    private func joinName(_ node: JoinNode) -> String {
        switch node.kind {
        case .inner: node.conditions.isEmpty ? "CROSS" : "INNER"
        case .left: "LEFT OUTER"
        case .full: "FULL OUTER"
        case .semi: "SEMI"
        case .anti: "ANTI"
        case .nullAwareAnti: "NULL AWARE ANTI"
        case .mark: "MARK"
        case .single: "SINGLE"
        }
    }

    private func details(of plan: LogicalPlan) -> [String] {
        switch plan.node {
        case .scan(let node):
            var lines: [String] = []
            if !node.conjuncts.isEmpty { lines.append("where: " + list(node.conjuncts, " AND ")) }
            if detail >= .plain {
                let names = node.columns.map { name($0.column) }
                lines.append("reads: " + names.joined(separator: ", "))
            }
            if detail >= .costs { lines += statistics(of: node) }
            return lines
        case .filter(let node): return ["where: " + list(node.conjuncts, " AND ")]
        case .project(let node):
            guard detail >= .plain else { return [] }
            return [items(node.items)]
        case .aggregate(let node):
            var lines: [String] = []
            if !node.keys.isEmpty { lines.append("by: " + items(node.keys)) }
            if let sets = node.groupingSets { lines.append("sets: \(sets)") }
            if !node.aggregates.isEmpty {
                lines.append(node.aggregates.map(aggregate).joined(separator: ", "))
            }
            return lines
        case .join(let node):
            guard !node.conditions.isEmpty else { return [] }
            let on = "on: " + list(node.conditions, " AND ")
            return detail >= .verbose ? [on, "finds partners " + search(node)] : [on]
        case .window(let node):
            let parts = [
                node.partitionKeys.isEmpty ? nil : "partition: \(list(node.partitionKeys, ", "))",
                node.orderKeys.isEmpty ? nil : "order: \(keys(node.orderKeys))",
            ].compactMap { $0 }
            let items = node.items.map(window).joined(separator: ", ")
            return (parts.isEmpty ? [] : [parts.joined(separator: "; ")]) + [items]
        case .unnest(let node): return ["of: " + list(node.lists, ", ")]
        case .sort(let node): return ["by: " + keys(node.keys)]
        case .values, .limit, .setOperation, .shared, .sharedScan, .recursion: return []
        }
    }

    /// Says how a join finds the rows that match one. Which index serves is decided when it has seen
    /// the rows; EXPLAIN ANALYZE shows it.
    private func search(_ node: JoinNode) -> String {
        let conditions = JoinConditions(of: node)
        let hasRanges = !conditions.ranges.isEmpty
        if conditions.equalities.isEmpty {
            return hasRanges ? "by range" : "by comparing all pairs"
        }
        return hasRanges ? "by key, where many have one by range" : "by key"
    }

    /// Says what is known of the columns that are read, a line each.
    private func statistics(of node: ScanNode) -> [String] {
        let known = node.table.statistics.columns
        return node.columns.compactMap { scanned in
            guard scanned.position < known.count, scanned.path.isEmpty else { return nil }
            let type = scanned.column.type
            let statistics = known[scanned.position]
            var facts: [String] = []
            if let low = statistics.low?.text(as: type), let high = statistics.high?.text(as: type)
            {
                facts.append("\(low) to \(high)")
            }
            if let count = statistics.estimatedDistinctCount { facts.append("~\(count) distinct") }
            if let count = statistics.nullCount { facts.append("\(count) NULL") }
            return facts.isEmpty
                ? nil : "  \(name(scanned.column)): \(facts.joined(separator: ", "))"
        }
    }

    private func list(_ expressions: [BoundExpression], _ separator: String) -> String {
        expressions.map(text).joined(separator: separator)
    }

    private func items(_ items: [ProjectItem]) -> String {
        items.map { item in
            if case .column(let column) = item.expression, column == item.column {
                return name(column)
            }
            return "\(name(item.column)) = \(text(item.expression))"
        }.joined(separator: ", ")
    }

    private func aggregate(_ item: AggregateItem) -> String {
        let arguments = (item.isDistinct ? "DISTINCT " : "") + list(item.arguments, ", ")
        let filter = item.condition.map { " FILTER (WHERE \(text($0)))" } ?? ""
        return "\(name(item.column)) = \(item.function.name)(\(arguments))\(filter)"
    }

    private func window(_ item: WindowItem) -> String {
        let function =
            switch item.function {
            case .aggregate(let aggregate): aggregate.name
            case .ranking(let ranking): ranking.name
            }
        let arguments = (item.isDistinct ? "DISTINCT " : "") + list(item.arguments, ", ")
        let filter = item.condition.map { " FILTER (WHERE \(text($0)))" } ?? ""
        return "\(name(item.column)) = \(function)(\(arguments))\(filter)"
    }

    private func keys(_ keys: [SortKey]) -> String {
        keys.map { text($0.expression) + ($0.isAscending ? "" : " DESC") }.joined(separator: ", ")
    }
}
