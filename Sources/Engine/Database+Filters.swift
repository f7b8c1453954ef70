// What queries filter tables by: recorded when they run, saved when the database closes and when
// somebody asks for it.

import StarlingCatalog
import StarlingFunctions
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
        if let queries = queries.takeNews() { folder.saveQueries(queries) }
    }
}

extension Table {
    /// The table of our own that a scan reads, with the columns that it makes of others; or nil.
    fileprivate var recorded: (table: NativeTable, derived: [DerivedColumn])? {
        switch self {
        case let parts as PartsOfTable: parts.whole.recorded
        case let whole as DerivedTable: whole.inner.recorded.map { ($0.table, whole.derived) }
        default: (self as? NativeTable).map { ($0, []) }
        }
    }
}

extension LogicalPlan {
    /// Records what the scans of a plan ask of our own tables.
    func recordFilters() {
        if case .scan(let scan) = node, !scan.conjuncts.isEmpty,
            let (table, derived) = scan.table.recorded
        {
            var targets: [ColumnID: RecordedTarget] = [:]
            let first = scan.table.columns.count + scan.table.virtualColumns.count - derived.count
            for column in scan.columns where column.path.isEmpty {
                var target = (position: column.position, keys: [[UInt8]]())
                if column.position >= first {
                    guard case .path(let path) = derived[column.position - first] else { continue }
                    target = (path.column, path.keys)
                }
                guard target.position < table.identities.count else { continue }
                targets[column.column.id] = RecordedTarget(
                    column: table.identities[target.position].number, keys: target.keys)
            }
            let conditions = scan.conjuncts.flatMap { conjunct in
                conjunct.recordedConditions { targets[$0] }
            }
            if let filter = RecordedFilter(conditions) { table.filters.record(filter) }
        }
        for child in children { child.recordFilters() }
    }
}

extension BoundExpression {
    /// Reads comparisons of a column with constants, and what is sought in one; `target` tells which
    /// columns are recorded.
    fileprivate func recordedConditions(
        _ target: (ColumnID) -> RecordedTarget?
    ) -> [RecordedCondition] {
        switch self {
        case .and(let parts): return parts.flatMap { $0.recordedConditions(target) }
        case .comparison(let comparison, let left, let right):
            if let column = left.plainColumn.flatMap(target), let value = right.constantValue {
                return Self.conditions(column, comparison, value)
            }
            guard let column = right.plainColumn.flatMap(target), let value = left.constantValue
            else { return [] }
            return Self.conditions(column, comparison.mirrored, value)
        case .inList(let operand, let values):
            guard let column = operand.plainColumn.flatMap(target) else { return [] }
            let sorted = values.filter { !$0.isNull }.sorted { $0.precedes($1) }
            guard let low = sorted.first, let high = sorted.last else { return [] }
            let isShort = sorted.count <= RecordedCondition.valueCountMax
            return [
                RecordedCondition(column, low: low, high: high, values: isShort ? sorted : [])
            ]
        case .like(let operand, let pattern, RecordedSearch.escape):
            guard let column = operand.plainColumn.flatMap(target),
                case .bytes(let text)? = pattern.constantValue
            else { return [] }
            return [
                RecordedCondition(
                    column, RecordedSearch(function: RecordedSearch.like, text: text))
            ]
        case .call(let function, _, let arguments):
            return Self.conditions(function, arguments, target)
        default: return []
        }
    }

    private static func conditions(
        _ column: RecordedTarget, _ comparison: ComparisonOperator, _ value: Value
    ) -> [RecordedCondition] {
        guard !value.isNull else { return [] }
        switch comparison {
        case .equal: return [RecordedCondition(column, low: value, high: value)]
        case .less, .lessOrEqual:
            return [RecordedCondition(column, low: nil, high: value)]
        case .greater, .greaterOrEqual:
            return [RecordedCondition(column, low: value, high: nil)]
        default: return []
        }
    }

    /// Reads MATCH and its relatives, and what seeks elements of lists.
    private static func conditions(
        _ function: ScalarFunction, _ arguments: [BoundExpression],
        _ target: (ColumnID) -> RecordedTarget?
    ) -> [RecordedCondition] {
        guard let column = arguments.first?.plainColumn.flatMap(target), arguments.count > 1,
            let sought = arguments[1].constantValue
        else { return [] }
        switch (function.name, sought) {
        case ("array_contains", _) where !sought.isNull:
            return [RecordedCondition(column, elements: [sought])]
        case ("array_contains_all", .list(let values)), ("arrays_overlap", .list(let values)):
            let elements = values.filter { !$0.isNull }.prefix(RecordedCondition.valueCountMax)
            return elements.isEmpty ? [] : [RecordedCondition(column, elements: Array(elements))]
        case (_, .bytes(let text)):
            guard TextMatching.isMatch(function), arguments.count == 3,
                let analyzer = arguments[2].constantValue?.text
            else { return [] }
            return [
                RecordedCondition(
                    column,
                    RecordedSearch(function: function.name, text: text, analyzer: analyzer))
            ]
        default: return []
        }
    }
}
