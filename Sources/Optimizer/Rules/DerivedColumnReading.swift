// Lets scans read columns that their tables make out of others: calls over a scanned column become a
// column of the scan, where the table knows a better way to it than the values. The rules that do so
// say which columns and which calls.

import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingTypes

/// Puts columns in the place of calls.
struct DerivedColumnReading {
    /// Is what a call is made of.
    struct Derivation {
        var source: PlanColumn
        var title: String
        var type: LogicalType
        /// Asks for the column, by the one of the scan that it is made of and what people call it.
        var column: (ScanColumn, String) -> DerivedColumn
    }

    /// Takes a call over one of some columns apart; nil where it is none.
    typealias Finder = (BoundExpression, Set<ColumnID>) -> Derivation?

    static func apply(
        _ kind: DerivedColumn.Kind, to plan: LogicalPlan, _ context: PlanningContext,
        of isSource: (ScanColumn) -> Bool, _ find: Finder
    ) throws(StarlingError) -> LogicalPlan {
        var reading = DerivedColumnReading(context: context)
        reading.collectColumns(kind, plan, isSource)
        guard !reading.sources.isEmpty else { return plan }
        reading.collectCalls(plan, find)
        guard !reading.columns.isEmpty else { return plan }
        let result = try plan.rewritten { (node) throws(StarlingError) in
            try reading.replaced(node)
        }
        guard result.outputColumnIDs != plan.outputColumnIDs else { return result }
        return LogicalPlan(
            .project(
                ProjectNode(
                    input: result, items: plan.outputColumns.map(ProjectItem.init(passing:)))))
    }

    private let context: PlanningContext
    /// The scanned columns that others are made of.
    private var sources: Set<ColumnID> = []
    /// The calls over them, with what is scanned instead.
    private var columns: [BoundExpression: PlanColumn] = [:]
    private var derivations: [ColumnID: [(column: PlanColumn, derivation: Derivation)]] = [:]

    private init(context: PlanningContext) { self.context = context }

    private mutating func collectColumns(
        _ kind: DerivedColumn.Kind, _ plan: LogicalPlan, _ isSource: (ScanColumn) -> Bool
    ) {
        var found: Set<ColumnID> = []
        plan.forEach { plan in
            guard case .scan(let scan) = plan.node else { return }
            let own = scan.columns.filter { column in
                column.path.isEmpty && isSource(column)
                    && scan.table.derives(kind, fromColumn: column.position)
            }
            found.formUnion(own.map(\.column.id))
        }
        sources = found
    }

    private mutating func collectCalls(_ plan: LogicalPlan, _ find: Finder) {
        var expressions: [BoundExpression] = []
        plan.forEach { expressions += $0.expressions }
        for expression in expressions { collectCalls(in: expression, find) }
    }

    /// Lists the calls over columns, the outer one of those that lie in each other.
    private mutating func collectCalls(in expression: BoundExpression, _ find: Finder) {
        guard columns[expression] == nil else { return }
        guard let derivation = find(expression, sources) else {
            for child in expression.children { collectCalls(in: child, find) }
            return
        }
        let own = context.allocator.makeColumn(derivation.title, derivation.type)
        columns[expression] = own
        derivations[derivation.source.id, default: []].append((own, derivation))
    }

    // MARK: Replacing

    private func replaced(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        var result = plan
        switch plan.node {
        case .scan(var scan):
            add(to: &scan)
            result.node = .scan(scan)
        case .project(var node):
            node.items += passed(node)
            result.node = .project(node)
        default: break
        }
        var available = Set(result.children.flatMap(\.outputColumns).map(\.id))
        if case .scan(let scan) = result.node { available = Set(scan.columns.map(\.column.id)) }
        return try result.mapExpressions { (expression) throws(StarlingError) in
            try replaced(expression, available)
        }
    }

    private func replaced(
        _ expression: BoundExpression, _ available: Set<ColumnID>
    ) throws(StarlingError) -> BoundExpression {
        if let column = columns[expression], available.contains(column.id) {
            return .column(column)
        }
        return try expression.mapChildren { (child) throws(StarlingError) in
            try replaced(child, available)
        }
    }

    /// Lets the scan read what is asked of its columns.
    private func add(to scan: inout ScanNode) {
        var derived: [DerivedColumn] = []
        var added: [ScanColumn] = []
        let first = scan.table.columns.count + scan.table.virtualColumns.count
        for source in scan.columns {
            for (column, derivation) in derivations[source.column.id] ?? [] {
                added.append(ScanColumn(column: column, position: first + derived.count))
                derived.append(derivation.column(source, column.name))
            }
        }
        guard !derived.isEmpty, let table = scan.table.reading(derived) else { return }
        scan.table = table
        scan.columns += added
    }

    /// The columns that pass where those that they are made of do.
    private func passed(_ node: ProjectNode) -> [ProjectItem] {
        let available = node.input.outputColumnIDs
        var items: [ProjectItem] = []
        for item in node.items {
            guard case .column(let column) = item.expression, column.id == item.column.id else {
                continue
            }
            for (column, _) in derivations[column.id] ?? [] where available.contains(column.id) {
                items.append(ProjectItem(passing: column))
            }
        }
        return items
    }
}
