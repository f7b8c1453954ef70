// DROP PARTITION … RETAIN IN VIEWS: what the views have of the partitions stays in them. The commit that drops
// the partitions seals these rows of each view that reads the table: from then on nothing that comes to any
// table changes them, refreshes pass them over, and queries on the table are not answered from them. Rows
// that come to the table with keys of such partitions stay in the table alone.

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
    /// Seals what the views have of partitions that go from a table, and returns what stands in the log of
    /// it. Where nothing else changes in the table it becomes `result`, which the views stand at then.
    func sealViews(
        _ gone: [TablePartition], of table: NativeTable, _ name: CatalogName,
        _ definition: CreateTable, leaving result: NativeTable?,
        in contents: inout CatalogContents
    ) throws(StarlingError) -> [Change] {
        guard !gone.isEmpty else { return [] }
        var changes: [Change] = []
        var isRead = false
        for (viewName, view) in contents.materializedViews {
            guard let entry = contents.entry(viewName), var state = view.state as? ViewState,
                let place = state.bases.firstIndex(where: {
                    $0.entryName.folded == name.folded
                })
            else { continue }
            isRead = true
            do throws(StarlingError) {
                let seal = try seal(
                    gone, of: table, place, definition, in: view.definition, state, contents)
                guard let seal else { continue }
                state.retain(seal)
                if let result, view.definition.isSynchronous,
                    case .table(let stand) = state.bases[place].stand, stand === table
                {
                    state.bases[place].stand = .table(result)
                }
            } catch {
                throw StarlingError(
                    error.kind,
                    "materialized view '\(entry.name)' cannot retain what it has of "
                        + "\(Self.titles(of: gone)): \(error.message)")
            }
            var view = view
            view.state = state
            contents.setView(viewName, to: view)
            changes.append(state.change(of: entry, in: viewName.database))
        }
        if !isRead {
            session.warnings.append(
                "no materialized view reads '\(table.name)': nothing is retained of "
                    + Self.titles(of: gone))
        }
        return changes
    }

    private static func titles(of partitions: [TablePartition]) -> String {
        let names = partitions.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
        return "partition\(partitions.count == 1 ? "" : "s") \(names)"
            + (partitions.count > 3 ? " …" : "")
    }

    /// Finds out which rows of a view are those of partitions; nil where it reads no row of the table.
    private func seal(
        _ gone: [TablePartition], of table: NativeTable, _ place: Int, _ definition: CreateTable,
        in view: CreateMaterializedView, _ state: ViewState, _ contents: CatalogContents
    ) throws(StarlingError) -> ViewSeal? {
        guard state.isActive else {
            throw StarlingError(
                .binding,
                "it is inactive (\(state.record.inactiveReason)); ALTER MATERIALIZED VIEW … ACTIVE, "
                    + "or DROP MATERIALIZED VIEW, comes first")
        }
        let runner = makeViewRunner(state.record.database, contents, view.properties)
        let tables = try state.tables(in: contents)
        let query = try runner.compile(
            view,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) })
        let keys = SealedKeys(query, state.bases[place], table, definition, runner)
        guard !keys.isUnread else { return nil }
        let seal = ViewSeal(
            state.record.bases[place].table, keys: try keys.texts(of: gone),
            values: gone.map(\.values))
        let open = gone.filter { partition in
            !state.record.seals.contains {
                $0.table == seal.table && $0.keys == seal.keys && $0.covers(partition.values)
            }
        }
        if !view.isSynchronous { try checkTakenOver(open, of: table, state.bases[place]) }
        return seal
    }

    /// Says no where a view does not have yet what partitions have.
    private func checkTakenOver(
        _ partitions: [TablePartition], of table: NativeTable, _ base: ViewBase
    ) throws(StarlingError) {
        guard !partitions.isEmpty else { return }
        let stand: NativeTable? =
            switch base.stand {
            case .none: nil
            case .table(let known): known
            case .version(let number): try? table.version(number)
            }
        if let stand {
            let (earlier, later) = (
                stand.restricted(to: partitions), table.restricted(to: partitions)
            )
            if stand === table || ChangesTable(from: earlier, to: later).parts.isEmpty { return }
        }
        throw StarlingError(
            .data,
            "they have changed since its last refresh; REFRESH MATERIALIZED VIEW comes first")
    }

    // MARK: What is retained

    /// Binds what the keys of sealed rows are in terms of a view's columns.
    func keys(
        of seal: ViewSeal, over columns: [PlanColumn]
    ) throws(StarlingError) -> [BoundExpression] {
        try mapAll(seal.keys) { (key) throws(StarlingError) in
            try binder.bind(parseExpression(key), over: columns)
        }
    }

    /// Says which rows a view retains, and counts the rows of tables that came too late for them; nil where
    /// it retains none, or is kept no more.
    func retention(of view: MaterializedView, _ state: ViewState) -> (text: String, late: Int)? {
        guard !state.record.seals.isEmpty, let tables = try? state.tables(in: contents) else {
            return nil
        }
        let runner = makeViewRunner(state.record.database, contents)
        let query = try? runner.compile(
            view.definition,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) })
        guard let query else { return nil }
        var (texts, late): ([String], Int) = ([], 0)
        for seal in state.record.seals {
            guard let keys = try? runner.keys(of: seal, over: query.namedColumns) else { continue }
            let types = keys.map(\.type)
            texts.append(
                "\(seal.table): \(seal.keys.joined(separator: ", ")) "
                    + seal.values.map { $0.title(types) }.joined(separator: ", "))
            late += (try? lateRows(of: seal, keys, in: query, state, runner)) ?? 0
        }
        return (texts.joined(separator: "; "), late)
    }

    /// Counts the rows of a table with keys that a view retains: by its partitions, as far as they tell.
    private func lateRows(
        of seal: ViewSeal, _ keys: [BoundExpression], in query: CompiledQuery, _ state: ViewState,
        _ runner: StatementRunner
    ) throws(StarlingError) -> Int {
        let name = CatalogName(seal.table)
        guard let base = state.bases.first(where: { $0.entryName.folded == name.folded }),
            let entry = contents.entry(name), case .table(let table as NativeTable) = entry.content,
            let source = query.sources(of: keys, in: table).first, let own = source.keys
        else { return 0 }
        var scan = ScanNode(
            table: base.known(table), alias: table.name, columns: source.scan.columns)
        var count = 0
        if let set = table.partitions, let definition = entry.definition,
            try SealedKeys(query, base, table, definition, runner).tell(seal)
        {
            let met = set.partitions.filter { partition in
                !partition.isTemporary && seal.values.contains { $0.mayMeet(partition.values) }
            }
            count = table.restricted(to: met.filter { seal.covers($0.values) }).statistics.rowCount
            let others = met.filter { !seal.covers($0.values) }
            guard !others.isEmpty else { return count }
            scan.table = base.known(table).restricted(to: others)
        }
        let plan = try LogicalPlan(.scan(scan)).counting(
            seal.values.flatMap { $0.excluding(own) }, runner.binderAllocator)
        return count + Int(clamping: try runner.rows(of: plan).value(0, 0).integer ?? 0)
    }
}

extension PartitionValues {
    /// False where no key is of both.
    fileprivate func mayMeet(_ other: PartitionValues) -> Bool {
        switch (self, other) {
        case (.list, .list), (.range, .range): overlaps(other)
        default: true
        }
    }

    /// The values for people: `[2024-01-01, 2024-02-01)`, `(a), (b)`.
    fileprivate func title(_ types: [LogicalType]) -> String {
        func text(_ values: [Value?]) -> String {
            let parts = zip(values, types).map { value, type in
                value.map { $0.text(as: type) ?? "NULL" } ?? "MAXVALUE"
            }
            // All values begin with NULL.
            return parts.isEmpty ? "NULL" : parts.joined(separator: ", ")
        }
        func end(_ values: [Value?]) -> String {
            types.count == 1 ? text(values) : "(\(text(values)))"
        }
        switch self {
        case .list(let keys):
            return keys.map { "(\(text($0.map { $0 })))" }.joined(separator: ", ")
        case .range(let from, let to): return "[\(end(from)), \(end(to)))"
        }
    }
}

extension CatalogContents {
    /// Tells whether a view retains what it did.
    func retainsTheSame(_ name: CatalogName, as state: ViewState) -> Bool {
        let known = entry(name)?.materialized?.state as? ViewState
        return known?.record.seals == state.record.seals
    }
}
