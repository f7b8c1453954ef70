// REFRESH MATERIALIZED VIEW. A refresh takes a view from the versions of its tables that it
// stands at to those of now: by what changed between, or by computing all rows where changes are not
// enough. The new rows and the versions that they stand at are one commit.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingViews

extension StatementRunner {
    func refreshMaterializedView(
        _ refresh: RefreshMaterializedView
    ) throws(StarlingError) -> Result {
        guard refresh.scope == .all else {
            throw StarlingError(
                .unsupported,
                "REFRESH of some PARTITIONs is parsed but not executed by this version",
                at: refresh.name.range)
        }
        let name = try catalogName(refresh.name)
        let (entry, view, state) = try materializedView(refresh.name)
        guard state.isActive else {
            throw StarlingError(
                .binding,
                "materialized view '\(entry.name)' is inactive: \(state.record.inactiveReason); "
                    + "ALTER MATERIALIZED VIEW \(entry.name) ACTIVE makes it anew",
                at: refresh.name.range)
        }
        if view.definition.isSynchronous {
            // It stands where its tables do, always.
            if refresh.force { try rebuild(name, entry, view, state) }
            return .none
        }
        try located(refresh.name) { () throws(StarlingError) in
            guard try self.refresh(name, because: .statement, computesAll: refresh.force) else {
                throw StarlingError(
                    .data,
                    "materialized view '\(entry.name)' is being refreshed; wait for that, or CANCEL "
                        + "REFRESH MATERIALIZED VIEW \(entry.name)")
            }
        }
        return .none
    }

    /// Stops the refresh of a view that another session, or the scheduler, runs.
    func cancelRefresh(_ target: QualifiedName) throws(StarlingError) -> Result {
        let (entry, _, _) = try materializedView(target)
        if !session.database.refreshes.cancel(try catalogName(target)) {
            session.warnings.append("no refresh of '\(entry.name)' runs")
        }
        return .none
    }

    /// Finds a materialized view.
    func materializedView(
        _ target: QualifiedName
    ) throws(StarlingError) -> (CatalogEntry, MaterializedView, ViewState) {
        let name = try catalogName(target)
        guard let entry = storedEntry(name) else {
            let near = nearestName(
                to: name.name,
                among: contents.entries(in: name.database).filter { $0.materialized != nil }
                    .map(\.name))
            throw StarlingError(
                .binding,
                "there is no materialized view '\(name.name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: target.range)
        }
        guard let view = entry.materialized, let state = view.state as? ViewState else {
            throw StarlingError(
                .binding, "'\(entry.name)' is a \(entry.kindName) and no materialized view",
                at: target.range)
        }
        return (entry, view, state)
    }

    // MARK: Refreshing

    /// Refreshes a view; false where it is being refreshed.
    func refresh(
        _ name: CatalogName, because cause: RefreshRun.Cause, computesAll: Bool = false
    ) throws(StarlingError) -> Bool {
        let history = session.database.refreshes
        guard let number = history.begin(name, cause, cancellation) else { return false }
        do throws(StarlingError) {
            history.end(number, try refreshNow(name, computesAll: computesAll), nil)
        } catch {
            history.end(number, nil, error)
            throw error
        }
        return true
    }

    private func refreshNow(
        _ name: CatalogName, computesAll: Bool
    ) throws(StarlingError) -> RefreshOutcome {
        let start = wallClockMicroseconds()
        lookAnew()
        let contents = self.contents
        guard let entry = contents.entry(name), let view = entry.materialized,
            var state = view.state as? ViewState,
            case .table(let storage as NativeTable) = entry.content
        else { throw StarlingError(.binding, "there is no materialized view '\(name.name)'") }
        if let reason = state.obstacle(contents) {
            throw StarlingError(.binding, "the view cannot be refreshed: \(reason)")
        }
        let timeLimit = view.definition.property("session.query_timeout").flatMap { Double($0) }
        if let timeLimit, timeLimit > 0 { cancellation.setTimeLimit(seconds: timeLimit) }
        let tables = try state.tables(in: contents)
        let earlier = state.record.bases
        var (table, changes) = (storage, [Change]())
        var outcome = RefreshOutcome(note: "changes")
        let obstacle =
            computesAll ? "FORCE" : try obstacleToChanges(view.definition, state, storage, tables)
        if let obstacle {
            let all = try filled(name, view.definition, state, storage, contents)
            (table, changes) = (all.table, all.changes)
            outcome = RefreshOutcome(
                note: "all rows: \(obstacle)", readRowCount: all.readRowCount,
                goneRowCount: storage.statistics.rowCount,
                newRowCount: table.statistics.rowCount)
        } else {
            let found = try self.changes(
                of: view.definition, state, storage, at: tables, contents)
            outcome.note(found)
            outcome.operators = state.compiled.program?.operators ?? []
            if !found.isEmpty {
                (table, changes) = try exchange(
                    found.gone, found.new, in: storage, name, folder(of: catalog))
            }
        }
        state.stand(at: tables)
        state.record.refreshStart = start
        state.record.refreshEnd = wallClockMicroseconds()
        state.record.refreshNote = outcome.note
        outcome.versions = zip(earlier, state.record.bases).map { old, new in
            "\(new.table) \(old.version) to \(new.version)"
        }
        var refreshed = view
        refreshed.state = state
        try commit(to: catalog, changes + [state.change(of: entry, in: name.database)]) {
            (contents) throws(StarlingError) in
            try cancellation.check()
            guard case .table(let newest as NativeTable) = contents.entry(name)?.content,
                newest.isSameTable(as: storage),
                newest.history.number == storage.history.number
            else { throw conflict(entry.name) }
            if table !== storage { contents.replaceTable(name, with: table) }
            contents.setView(name, to: refreshed)
        }
        return outcome
    }

    /// Says why all rows have to be computed; nil where the changes suffice.
    private func obstacleToChanges(
        _ view: CreateMaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ tables: [NativeTable]
    ) throws(StarlingError) -> String? {
        var obstacle: String?
        if view.refreshMode == "FULL" { return "refresh_mode is FULL" }
        for (base, table) in zip(state.bases, tables) {
            switch base.stand {
            case .none: return "the first refresh"
            case .table: continue
            case .version(let number):
                guard (try? table.version(number)) == nil else { continue }
                obstacle = "version \(number) of '\(base.entryName.name)' is kept no more"
            }
        }
        if obstacle == nil, state.compiled.program == nil {
            let runner = makeViewRunner(state.record.database, contents)
            let query = try runner.compile(
                view,
                over: zip(state.bases, tables).map { base, table in
                    (base.name, base.known(table))
                })
            do throws(StarlingError) {
                _ = try ViewProgram(
                    query.plan, query.columns, names: query.names, runner.binderAllocator)
            } catch {
                guard error.kind == .unsupported else { throw error }
                obstacle = error.message
            }
        }
        guard let obstacle, view.refreshMode == "INCREMENTAL" else { return obstacle }
        throw StarlingError(
            .data,
            "the view cannot be refreshed by changes: \(obstacle). REFRESH … FORCE computes all rows"
        )
    }

    /// Computes all rows of a view.
    private func filled(
        _ name: CatalogName, _ view: CreateMaterializedView, _ state: ViewState,
        _ storage: NativeTable, _ contents: CatalogContents
    ) throws(StarlingError) -> (table: NativeTable, changes: [Change], readRowCount: Int) {
        let runner = makeViewRunner(state.record.database, contents, view.properties)
        let tables = try state.tables(in: contents)
        let query = try runner.compile(
            view,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) })
        var plan = query.whole
        if storage.columns.count > query.columns.count || !storage.keyNumbers.isEmpty {
            plan = try ViewProgram(
                query.plan, query.columns, names: query.names, runner.binderAllocator
            ).filling()
        }
        guard plan.outputColumns.map(\.type) == storage.columns.map(\.type) else {
            throw StarlingError(
                .data,
                "its rows are stored otherwise; ALTER MATERIALIZED VIEW … ACTIVE makes it anew")
        }
        let writer = segmentWriter(for: storage, name, in: catalog)
        let segments = try runner.segments(of: plan, storage, writer)
        return (
            try storage.emptied().appending(segments),
            try additions(segments, writer, clearing: true), runner.readRowCount
        )
    }

    /// Makes a view anew, with another table.
    func rebuild(
        _ name: CatalogName, _ entry: CatalogEntry, _ view: MaterializedView, _ state: ViewState
    ) throws(StarlingError) {
        let made = try make(
            view.definition, name, in: state.record.database, isFilled: true)
        try add(made, as: name, replacing: true)
    }

    /// Refreshes the views that follow each commit.
    func refreshViews(following names: Set<CatalogName>) {
        guard !session.isRestoring, !names.isEmpty else { return }
        for (name, view) in catalog.snapshot.viewsInOrder where view.definition.followsCommits {
            guard let state = view.state as? ViewState, state.isActive,
                state.reads(names.subtracting(view.definition.silentTables(among: names)))
            else { continue }
            let runner = makeViewRunner(state.record.database, catalog.snapshot)
            do throws(StarlingError) {
                // Who refreshes the view already looks again when that is done.
                repeat {
                    guard try runner.refresh(name, because: .commit) else { break }
                } while catalog.snapshot.isBehind(name)
            } catch {
                session.warnings.append(
                    "materialized view '\(name.name)' was not refreshed: \(error.message)")
            }
        }
    }
}

extension CreateMaterializedView {
    /// Those of some tables whose changes bring no refresh about.
    fileprivate func silentTables(among names: Set<CatalogName>) -> Set<CatalogName> {
        let silent = tables(of: "excluded_trigger_tables").map { $0.lowercased() }
        return names.filter { name in
            let title = name.name.lowercased()
            return silent.contains(title)
                || silent.contains("\(name.database.lowercased()).\(title)")
        }
    }
}

extension CatalogContents {
    /// Tells whether a view's rows are not those that its tables have.
    fileprivate func isBehind(_ name: CatalogName) -> Bool {
        guard let state = entry(name)?.materialized?.state as? ViewState, state.isActive,
            state.obstacle(self) == nil, let tables = try? state.tables(in: self)
        else { return false }
        return !zip(state.bases, tables).allSatisfy { base, table in
            if case .table(let stand) = base.stand { stand === table } else { false }
        }
    }
}
