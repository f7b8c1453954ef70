// Reads fields of structures instead of the structures, where a query uses nothing else of them:
// a column becomes one for each path of fields, and a file gives just the leaves below those.
// Example: SELECT s.a FROM t WHERE s.b.c > 1 reads s.a and s.b.c.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes

struct FieldPruning: Rule {
    static let name = "field_pruning"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var pruning = FieldPruning()
        pruning.collectColumns(plan)
        guard !pruning.columns.isEmpty else { return plan }
        pruning.collectUses(plan)
        pruning.makeFields(context)
        guard !pruning.fields.isEmpty else { return plan }
        let fields = pruning.fields
        return try plan.rewritten { (node) throws(StarlingError) in
            try Self.readingFields(node, fields)
        }
    }

    /// A field of a scanned column, by its positions in the structures.
    private struct Path: Hashable {
        var column: ColumnID
        var positions: [Int]
    }

    private struct Source {
        var table: any Table
        var column: PlanColumn
        var position: Int
    }

    /// The structures that are scanned, and which of them are used as a whole.
    private var columns: [ColumnID: Source] = [:]
    private var usedWhole: Set<ColumnID> = []
    private var paths: [ColumnID: [Path]] = [:]
    private var fields: [Path: PlanColumn] = [:]

    private mutating func collectColumns(_ plan: LogicalPlan) {
        var found: [ColumnID: Source] = [:]
        plan.forEach { plan in
            guard case .scan(let scan) = plan.node else { return }
            for column in scan.columns {
                guard case .structure = column.column.type, column.path.isEmpty else { continue }
                found[column.column.id] = Source(
                    table: scan.table, column: column.column, position: column.position)
            }
        }
        columns = found
    }

    private mutating func collectUses(_ plan: LogicalPlan) {
        var pruning = self
        pruning.usedWhole.formUnion(plan.outputColumnIDs)
        plan.forEach { plan in
            switch plan.node {
            case .setOperation(let node):
                for columns in node.inputColumns {
                    pruning.usedWhole.formUnion(columns.map(\.id))
                }
            case .sharedScan(let node):
                pruning.usedWhole.formUnion(node.sourceColumns.map(\.id))
            case .recursion(let node):
                pruning.usedWhole.formUnion((node.anchorColumns + node.stepColumns).map(\.id))
            default: break
            }
            for expression in plan.expressions { pruning.collect(expression) }
        }
        self = pruning
    }

    private mutating func collect(_ expression: BoundExpression) {
        if let path = Self.path(of: expression), columns[path.column] != nil {
            if path.positions.isEmpty {
                usedWhole.insert(path.column)
            } else if !(paths[path.column] ?? []).contains(path) {
                paths[path.column, default: []].append(path)
            }
            return
        }
        for child in expression.children { collect(child) }
    }

    /// Reads a chain of fields down to its column; a bare column is a path without fields.
    private static func path(of expression: BoundExpression) -> Path? {
        switch expression {
        case .column(let column): return Path(column: column.id, positions: [])
        case .call(NestedAccess.field, _, let arguments):
            guard var path = path(of: arguments[0]),
                let position = arguments[1].constantValue?.integer
            else { return nil }
            path.positions.append(Int(position))
            return path
        default: return nil
        }
    }

    private mutating func makeFields(_ context: PlanningContext) {
        for (id, source) in columns.sorted(by: { $0.key.number < $1.key.number })
        where !usedWhole.contains(id) {
            let wanted = paths[id] ?? []
            let canRead = wanted.allSatisfy {
                source.table.canReadField($0.positions, ofColumn: source.position)
            }
            guard canRead else { continue }
            for path in wanted {
                var name = source.column.name
                var type = source.column.type
                for position in path.positions {
                    guard case .structure(let inner) = type else { break }
                    name += "." + inner[position].name
                    type = inner[position].type
                }
                fields[path] = context.allocator.makeColumn(name, type)
            }
        }
    }

    private static func readingFields(
        _ plan: LogicalPlan, _ fields: [Path: PlanColumn]
    ) throws(StarlingError) -> LogicalPlan {
        var result = try plan.mapExpressions { (expression) throws(StarlingError) in
            try readingFields(expression, fields)
        }
        guard case .scan(var scan) = result.node else { return result }
        for column in scan.columns {
            let own = fields.filter { $0.key.column == column.column.id }
            for (path, field) in own.sorted(by: { $0.value.id.number < $1.value.id.number }) {
                scan.columns.append(
                    ScanColumn(column: field, position: column.position, path: path.positions))
            }
        }
        result.node = .scan(scan)
        return result
    }

    private static func readingFields(
        _ expression: BoundExpression, _ fields: [Path: PlanColumn]
    ) throws(StarlingError) -> BoundExpression {
        if let path = path(of: expression), let field = fields[path] { return .column(field) }
        return try expression.mapChildren { (child) throws(StarlingError) in
            try readingFields(child, fields)
        }
    }
}
