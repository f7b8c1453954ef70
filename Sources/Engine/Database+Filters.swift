// What queries filter tables by: recorded when they run, saved when the database closes and when
// somebody asks for it.

import StarlingCatalog
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

extension Database {
    /// Finds what is known of each table again.
    func restoreFilters(_ folder: DatabaseFolder) {
        let contents = catalog.snapshot
        folder.restoreFilters { name in
            let name = CatalogName(
                database: name.database.lowercased(), name: name.name.lowercased())
            guard case .table(let table as NativeTable) = contents.entry(name)?.content else {
                return nil
            }
            return table.filters
        }
    }

    /// Keeps what is known with the database.
    func saveFilters() {
        guard let folder, !folder.isReadOnly else { return }
        let contents = catalog.snapshot
        var logs: [(table: TableName, log: FilterLog)] = []
        for database in contents.databaseNames {
            for entry in contents.entries(in: database) {
                guard case .table(let table as NativeTable) = entry.content else { continue }
                logs.append((TableName(database: database, name: entry.name), table.filters))
            }
        }
        folder.saveFilters(logs)
    }
}

extension Table {
    /// The table of our own that a scan reads, or nil.
    fileprivate var recorded: NativeTable? {
        switch self {
        case let parts as PartsOfTable: parts.whole.recorded
        case let paths as PathTable: paths.inner.recorded
        default: self as? NativeTable
        }
    }
}

extension LogicalPlan {
    /// Records what the scans of a plan ask of our own tables.
    func recordFilters() {
        if case .scan(let scan) = node, !scan.conjuncts.isEmpty,
            let table = scan.table.recorded
        {
            let numbers = scan.columns.map { column in
                (column.column.id, column.path.isEmpty ? column.position : nil)
            }
            let known = Dictionary(numbers) { first, _ in first }
            let conditions = scan.conjuncts.flatMap { conjunct in
                conjunct.recordedConditions { id in
                    known[id]?.flatMap { position in
                        position < table.identities.count
                            ? table.identities[position].number : nil
                    }
                }
            }
            if let filter = RecordedFilter(conditions) { table.filters.record(filter) }
        }
        for child in children { child.recordFilters() }
    }
}

extension BoundExpression {
    /// Reads comparisons of a column with constants; `number` names a column of the table.
    fileprivate func recordedConditions(
        _ number: (ColumnID) -> UInt32?
    ) -> [RecordedCondition] {
        switch self {
        case .and(let parts): return parts.flatMap { $0.recordedConditions(number) }
        case .comparison(let comparison, let left, let right):
            if let column = left.comparedColumn.flatMap({ number($0.id) }),
                case .literal(let value, _) = right
            {
                return Self.conditions(column, comparison, value)
            }
            guard let column = right.comparedColumn.flatMap({ number($0.id) }),
                case .literal(let value, _) = left
            else { return [] }
            return Self.conditions(column, comparison.mirrored, value)
        case .inList(let operand, let values):
            guard let column = operand.comparedColumn.flatMap({ number($0.id) }) else { return [] }
            let sorted = values.filter { !$0.isNull }.sorted { $0.precedes($1) }
            guard let low = sorted.first, let high = sorted.last else { return [] }
            let isShort = sorted.count <= RecordedCondition.valueCountMax
            return [
                RecordedCondition(
                    column: column, low: low, high: high, values: isShort ? sorted : [])
            ]
        default: return []
        }
    }

    private static func conditions(
        _ column: UInt32, _ comparison: ComparisonOperator, _ value: Value
    ) -> [RecordedCondition] {
        guard !value.isNull else { return [] }
        switch comparison {
        case .equal: return [RecordedCondition(column: column, low: value, high: value)]
        case .less, .lessOrEqual:
            return [RecordedCondition(column: column, low: nil, high: value)]
        case .greater, .greaterOrEqual:
            return [RecordedCondition(column: column, low: value, high: nil)]
        default: return []
        }
    }

    /// The column that is compared as it is stored.
    private var comparedColumn: PlanColumn? {
        if case .column(let column) = self { column } else { nil }
    }
}
