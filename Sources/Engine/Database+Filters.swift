// What queries filter tables by: recorded when they run, saved when the database closes and when
// somebody asks for it.

import StarlingCatalog
import StarlingEvaluation
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
            let conditions = IndexableConditions(of: scan)
            let first = scan.table.columns.count + scan.table.virtualColumns.count - derived.count
            let recorded = scan.conjuncts.flatMap { conjunct in
                conditions.condition(conjunct).recorded { position in
                    RecordedTarget(position, of: table, derived, from: first)
                }
            }
            if let filter = RecordedFilter(recorded) { table.filters.record(filter) }
        }
        for child in children { child.recordFilters() }
    }
}

extension RecordedTarget {
    /// Finds what a position of a table means, or of the columns that are made of its own from `first` on;
    /// nil where that is nothing of which there could be statistics or an index.
    fileprivate init?(
        _ position: Int, of table: NativeTable, _ derived: [DerivedColumn], from first: Int
    ) {
        var (own, keys) = (position, [[UInt8]]())
        if position >= first {
            guard derived.indices.contains(position - first),
                case .path(let path) = derived[position - first]
            else { return nil }
            (own, keys) = (path.column, path.keys)
        }
        guard own < table.identities.count else { return nil }
        self.init(column: table.identities[own].number, keys: keys)
    }
}

extension IndexCondition {
    /// The conditions that have to hold together, as they are remembered; `target` tells of which columns
    /// they are.
    fileprivate func recorded(_ target: (Int) -> RecordedTarget?) -> [RecordedCondition] {
        switch self {
        case .all(let parts): parts.flatMap { $0.recorded(target) }
        // Bounds of elements say nothing of lists.
        case .someElement(let inner): inner.recorded(target).filter { !$0.hasBounds }
        case .match(let column, let function, let query, let analyzer):
            target(column).map {
                [
                    RecordedCondition(
                        $0, RecordedSearch(function: function, text: query, analyzer: analyzer))
                ]
            } ?? []
        case .like(let column, let pattern, RecordedSearch.escape):
            target(column).map {
                [
                    RecordedCondition(
                        $0, RecordedSearch(function: RecordedSearch.like, text: pattern))
                ]
            } ?? []
        case .values(let column, let values):
            target(column).map { RecordedCondition.conditions($0, values) } ?? []
        case .range(let column, let low, let high, _, _):
            target(column).map { [RecordedCondition($0, low: low, high: high)] } ?? []
        case .hasElements(let column, let values, _):
            target(column).map { RecordedCondition.conditions($0, elements: values) } ?? []
        default: []
        }
    }
}

extension RecordedCondition {
    /// Says that values are one of some; of many only the bounds are remembered.
    fileprivate static func conditions(
        _ target: RecordedTarget, _ values: [Value]
    ) -> [RecordedCondition] {
        let sorted = values.filter { !$0.isNull }.sorted { $0.precedes($1) }
        guard let low = sorted.first, let high = sorted.last else { return [] }
        let isList = 2...valueCountMax ~= sorted.count
        return [RecordedCondition(target, low: low, high: high, values: isList ? sorted : [])]
    }

    fileprivate static func conditions(
        _ target: RecordedTarget, elements: [Value]
    ) -> [RecordedCondition] {
        let known = elements.filter { !$0.isNull }.prefix(valueCountMax)
        return known.isEmpty ? [] : [RecordedCondition(target, elements: Array(known))]
    }
}
