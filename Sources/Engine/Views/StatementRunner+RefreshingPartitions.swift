// REFRESH MATERIALIZED VIEW … PARTITION, and views that cannot be kept by changes: their partitions are computed
// anew, those alone that were asked for or of which a table has changed.
//
// Partitions that were refreshed alone stand at other versions than the view does. The view notes them; the
// next refresh of all computes them with those that have changed since the versions that the view stands at.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingViews

extension StatementRunner {
    // MARK: What was asked for

    /// Reads PARTITION START … END …, and PARTITION ((…), …); nil where all are meant.
    func partitions(
        of refresh: RefreshMaterializedView, _ entry: CatalogEntry,
        _ view: CreateMaterializedView
    ) throws(StarlingError) -> PartitionChoice? {
        guard refresh.scope != .all else { return nil }
        guard case .table(let table as NativeTable) = entry.content, let set = table.partitions,
            let layout = entry.definition
        else {
            throw StarlingError(
                .binding,
                "materialized view '\(entry.name)' has no partitions; PARTITION BY of CREATE "
                    + "MATERIALIZED VIEW makes them", at: refresh.name.range)
        }
        guard view.refreshMode != "INCREMENTAL" else {
            throw StarlingError(
                .unsupported,
                "a view whose refresh_mode is INCREMENTAL takes what has changed, in all partitions; "
                    + "with refresh_mode AUTO some are refreshed alone", at: refresh.name.range)
        }
        switch refresh.scope {
        case .all: return nil
        case .list(let rows):
            let keys = try mapAll(rows) { (row) throws(StarlingError) in
                guard row.count == set.keys.count else {
                    throw StarlingError(
                        .binding,
                        "a partition of '\(entry.name)' has \(set.keys.count) values, and "
                            + "\(row.count) are named", at: refresh.name.range)
                }
                return try mapAll(Array(zip(row, set.keys))) { (pair) throws(StarlingError) in
                    try value(pair.0, of: pair.1)
                }
            }
            return .these(Set(keys))
        case .range(let start, let end):
            guard set.keys.count == 1 else {
                throw StarlingError(
                    .binding,
                    "START and END are for views with one partition column; PARTITION ((…), …) "
                        + "names those of several", at: refresh.name.range)
            }
            let (key, unit) = (set.keys[0], layout.partitionKeys[0].timeUnit)
            func bound(_ text: String) -> Expression {
                Expression(.literal(.string(text)), at: refresh.name.range)
            }
            let first = try value(bound(start), of: key, within: unit)
            return .range(from: first, to: try value(bound(end), of: key))
        }
    }

    /// Evaluates what a statement says of the key of partitions; a moment within one means its beginning.
    private func value(
        _ expression: Expression, of key: PartitionSet.Key, within unit: IntervalUnit? = nil
    ) throws(StarlingError) -> Value {
        var text = "CAST(\(expression.sql()) AS \(key.type))"
        if let unit, key.type.isTemporal {
            text = "CAST(date_trunc('\(unit.rawValue.lowercased())', \(text)) AS \(key.type))"
        }
        let value = try evaluate(parseExpression(text)).value
        if value.isNull, case .literal(.string(let text)) = expression.kind {
            throw StarlingError(
                .binding, "'\(text)' is no \(key.type), which the partitions are made by",
                at: expression.range)
        }
        return value
    }

    // MARK: Refreshing

    /// Computes those partitions that were asked for and may be out of date; nil where all rows have to
    /// be computed.
    func refreshedPartitions(
        _ view: inout RefreshedView, _ request: RefreshRequest, _ obstacle: RefreshObstacle?,
        _ record: (inout RefreshedView, [Change]) throws(StarlingError) -> Void
    ) throws(StarlingError) -> RefreshOutcome? {
        guard view.storage.partitions != nil else { return nil }
        let runner = makeViewRunner(of: view)
        let compiled = try view.compiled(runner)
        var stale: Set<[Value]>?
        if obstacle?.leavesPartitions ?? true {
            stale = try stalePartitions(of: view, compiled.query, runner)
        }
        var chosen: PartitionChoice
        var isWhole = false
        if let stale {
            var wanted = stale.filter { request.partitions?.contains($0) ?? true }
            if request.isAutomatic, let limit = view.partitionLimit {
                wanted = view.newest(limit, of: wanted)
            }
            isWhole = wanted.count == stale.count
            chosen = .these(wanted)
        } else {
            guard let partitions = request.partitions else { return nil }
            chosen = partitions
        }
        var outcome = RefreshOutcome(note: "")
        var count = 0
        let batches = chosen.batches(of: view.partitionsPerCommit)
        for (place, batch) in batches.enumerated() {
            let changes = try compute(batch, of: &view, compiled, runner, &outcome)
            let numbers = batch.partitions(of: view.storage)
            count += numbers.count
            view.state.record.apart.formUnion(numbers)
            if isWhole, place == batches.count - 1 {
                try view.standsNow()
                view.state.record.apart = []
            }
            outcome.note(partitionCount: count, obstacle?.reason)
            view.state.record.refreshNote = outcome.note
            try record(&view, changes)
        }
        outcome.readRowCount = runner.readRowCount
        return outcome
    }

    /// Computes the rows of some partitions, and puts them in the place of those that are stored.
    private func compute(
        _ chosen: PartitionChoice, of view: inout RefreshedView, _ compiled: RefreshQuery,
        _ runner: StatementRunner, _ outcome: inout RefreshOutcome
    ) throws(StarlingError) -> [Change] {
        if case .these(let keys) = chosen, keys.isEmpty { return [] }
        let storage = view.storage
        let columns = zip(compiled.filling.outputColumns, storage.columns).map { given, column in
            runner.binderAllocator.makeColumn(
                column.name, column.type, isNullable: given.isNullable)
        }
        let items = zip(columns, compiled.filling.outputColumns).map { column, given in
            ProjectItem(column: column, expression: .column(given))
        }
        let named = LogicalPlan(.project(ProjectNode(input: compiled.filling, items: items)))
        let keys = try mapAll(view.layout.partitionKeys) { (key) throws(StarlingError) in
            try runner.binder.bind(key, over: columns)
        }
        let plan = LogicalPlan(
            .filter(FilterNode(input: named, conjuncts: [chosen.condition(on: keys)])))
        let writer = segmentWriter(for: storage, view.name, in: catalog)
        let segments = try runner.segments(of: plan, storage, view.layout, view.name, writer)
        let (left, gone) = storage.emptied(chosen.partitions(of: storage))
        view.storage = try runner.upkept(left.appending(segments), view.name, view.layout)
        outcome.goneRowCount += storage.statistics.rowCount - left.statistics.rowCount
        outcome.newRowCount += segments.reduce(0) { $0 + $1.liveRowCount }
        let record = PartitionRecord()
        record.note(storage, view.storage, placing: segments, gone: gone, writer)
        return try record.removals + additions(segments, writer) + record.changes
    }

    // MARK: What has changed

    /// The keys of the partitions that may be out of date; nil where that may be any.
    private func stalePartitions(
        of view: RefreshedView, _ query: CompiledQuery, _ runner: StatementRunner
    ) throws(StarlingError) -> Set<[Value]>? {
        let keys = try mapAll(view.layout.partitionKeys) { (key) throws(StarlingError) in
            try runner.binder.bind(key, over: query.namedColumns)
        }
        let algebra = DeltaAlgebra(
            try view.state.changes(to: view.tables) + view.state.changes(to: view.files.tables),
            runner.binderAllocator)
        var changed: [(rows: DeltaRows, keys: [BoundExpression])] = []
        for source in PartitionOrigins(of: keys, in: query.plan).sources {
            let lost = view.state.filesLost(by: source.scan)
            let changes = try algebra.changes(of: LogicalPlan(.scan(source.scan)))
            guard changes != nil || !lost.isEmpty else { continue }
            guard let keys = source.keys else { return nil }
            if let changes { changed.append((changes, keys)) }
            guard !lost.isEmpty else { continue }
            guard let rows = source.scan.folders(of: lost, for: keys) else { return nil }
            changed.append((algebra.weighted(rows, -1), keys))
        }
        var stale: Set<[Value]> = []
        for number in view.state.record.apart {
            guard case .list(let keys)? = view.storage.partitions?[number]?.values else { continue }
            stale.formUnion(keys)
        }
        guard !changed.isEmpty else { return stale }
        for chunk in try runner.rows(of: algebra.affected(changed)).chunks {
            for row in 0..<chunk.count {
                stale.insert(chunk.columns.map { $0.value(at: row) })
            }
        }
        return stale
    }
}

extension RefreshedView {
    /// Those of some keys that are among the newest that the view has, or is to have.
    fileprivate func newest(_ count: Int, of keys: Set<[Value]>) -> Set<[Value]> {
        var all = keys
        for partition in storage.partitions?.partitions ?? [] {
            if case .list(let known) = partition.values { all.formUnion(known) }
        }
        return keys.intersection(all.inOrder.suffix(count))
    }
}

extension RefreshOutcome {
    /// Says how many partitions were computed, and why not all that changed sufficed.
    fileprivate mutating func note(partitionCount: Int, _ reason: String?) {
        hadChanges = goneRowCount > 0 || newRowCount > 0
        guard partitionCount > 0 || hadChanges else {
            note = "nothing had changed"
            return
        }
        note =
            "\(partitionCount) partition\(partitionCount == 1 ? "" : "s")"
            + (reason.map { ": \($0)" } ?? "")
    }
}
