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
        let name = try catalogName(refresh.name)
        let (entry, view, state) = try materializedView(refresh.name)
        guard state.isActive else {
            throw StarlingError(
                .binding,
                "materialized view '\(entry.name)' is inactive: \(state.record.inactiveReason); "
                    + "ALTER MATERIALIZED VIEW \(entry.name) ACTIVE makes it anew",
                at: refresh.name.range)
        }
        let choice = try partitions(of: refresh, entry, view.definition)
        if view.definition.isSynchronous {
            // It stands where its tables do, always.
            if refresh.force { try rebuild(name, view.definition, state) }
            return .none
        }
        try located(refresh.name) { () throws(StarlingError) in
            let request = RefreshRequest(partitions: choice, isForced: refresh.force)
            guard try self.refresh(name, because: .statement, request) else {
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
        _ name: CatalogName, because cause: RefreshRun.Cause,
        _ request: RefreshRequest = RefreshRequest()
    ) throws(StarlingError) -> Bool {
        let history = session.database.refreshes
        guard let number = history.begin(name, cause, cancellation) else { return false }
        var request = request
        request.isAutomatic = cause != .statement
        do throws(StarlingError) {
            history.end(number, try refreshNow(name, request), nil)
        } catch {
            history.end(number, nil, error)
            throw error
        }
        return true
    }

    private func refreshNow(
        _ name: CatalogName, _ request: RefreshRequest
    ) throws(StarlingError) -> RefreshOutcome {
        let start = wallClockMicroseconds()
        lookAnew()
        var view = try RefreshedView(name, contents)
        let properties = view.definition.properties
        let timeLimit = properties.last { $0.key.lowercased() == "session.query_timeout" }
            .flatMap { Double($0.value) }
        if let timeLimit, timeLimit > 0 { cancellation.setTimeLimit(seconds: timeLimit) }
        try view.lookAtFiles(makeViewRunner(of: view))
        if let reason = try view.state.obstacleToRows(view.files.tables) {
            let obstacle = RefreshObstacle(reason: reason)
            if !request.isForced { try obstacle.check(view.definition) }
            try rebuild(name, view.definition, view.state)
            return RefreshOutcome(note: "all rows: \(reason)")
        }
        let (earlier, known) = (view.state.record.bases, view.state.record.files)
        var outcome = try refreshed(&view, request) { (view, changes) throws(StarlingError) in
            view.state.record.refreshStart = start
            view.state.record.refreshEnd = wallClockMicroseconds()
            try record(&view, changes)
        }
        outcome.versions = zip(earlier, view.state.record.bases).map { old, new in
            "\(new.table) \(old.version) to \(new.version)"
        }
        outcome.versions += view.files.tables.map { table in
            let old = known[of: table]?.read?.count ?? 0
            return "\(table.title) \(old) to \(table.files.count) files"
        }
        return outcome
    }

    /// Makes a commit of what a refresh has done.
    private func record(
        _ view: inout RefreshedView, _ changes: [Change]
    ) throws(StarlingError) {
        let (name, entry, known, storage) = (view.name, view.entry, view.known, view.storage)
        var refreshed = view.view
        refreshed.state = view.state
        try commit(to: catalog, changes + [view.state.change(of: entry, in: name.database)]) {
            (contents) throws(StarlingError) in
            try cancellation.check()
            guard case .table(let newest as NativeTable) = contents.entry(name)?.content,
                newest.isSameTable(as: known), newest.history.number == known.history.number,
                contents.retainsTheSame(name, as: view.state)
            else { throw conflict(entry.name) }
            if storage !== known { contents.replaceTable(name, with: storage) }
            contents.setView(name, to: refreshed)
        }
        guard case .table(let newest as NativeTable) = contents.entry(name)?.content else { return }
        (view.storage, view.known) = (newest, newest)
    }

    /// Does what a refresh is to do; each part of it is recorded by itself.
    private func refreshed(
        _ view: inout RefreshedView, _ request: RefreshRequest,
        _ record: (inout RefreshedView, [Change]) throws(StarlingError) -> Void
    ) throws(StarlingError) -> RefreshOutcome {
        let obstacle =
            request.isForced
            ? RefreshObstacle(reason: "FORCE") : try obstacleToChanges(view, request)
        if request.partitions != nil || obstacle?.leavesPartitions ?? false,
            let outcome = try refreshedPartitions(&view, request, obstacle, record)
        {
            return outcome
        }
        var outcome: RefreshOutcome
        let changes: [Change]
        if let obstacle {
            let rowCount = view.storage.statistics.rowCount
            outcome = RefreshOutcome(note: "all rows: \(obstacle.reason)", goneRowCount: rowCount)
            (changes, outcome.readRowCount) = try fill(&view)
            outcome.newRowCount = view.storage.statistics.rowCount
        } else {
            let runner = makeViewRunner(of: view)
            let found = try runner.changes(
                of: view.definition, view.state, view.storage, view.layout, at: view.tables,
                files: view.files)
            outcome = RefreshOutcome(note: "changes")
            outcome.note(found)
            outcome.operators = found.operators
            if found.isEmpty {
                changes = []
            } else {
                (view.storage, changes) = try runner.exchange(
                    found.gone, found.new, in: view.storage, view.name, as: view.layout,
                    folder(of: catalog))
            }
        }
        try view.standsNow()
        view.state.record.apart = []
        view.state.record.refreshNote = outcome.note
        try record(&view, changes)
        return outcome
    }

    /// Says why the changes do not suffice; nil where they do.
    private func obstacleToChanges(
        _ view: RefreshedView, _ request: RefreshRequest
    ) throws(StarlingError) -> RefreshObstacle? {
        var obstacle: RefreshObstacle?
        if view.definition.refreshMode == "FULL" {
            return RefreshObstacle(reason: "refresh_mode is FULL")
        }
        for (base, table) in zip(view.state.bases, view.tables) {
            switch base.stand {
            case .none: return RefreshObstacle(reason: "the first refresh")
            case .table: continue
            case .version(let number):
                guard (try? table.version(number)) == nil else { continue }
                obstacle = RefreshObstacle(
                    reason: "version \(number) of '\(base.entryName.name)' is kept no more")
            }
        }
        if obstacle == nil {
            obstacle = try view.state.obstacle(view.files.tables)
        }
        if obstacle == nil, view.state.compiled.program == nil {
            obstacle = try view.compiled(makeViewRunner(of: view)).refusal.map {
                RefreshObstacle(reason: $0.message, leavesPartitions: true)
            }
        }
        if obstacle == nil, !view.state.record.apart.isEmpty {
            obstacle = RefreshObstacle(
                reason: "some partitions were refreshed alone", leavesPartitions: true)
        }
        if obstacle == nil, request.isAutomatic, view.partitionLimit != nil {
            obstacle = RefreshObstacle(
                reason: "auto_refresh_partitions_limit", leavesPartitions: true)
        }
        try obstacle?.check(view.definition)
        return obstacle
    }

    /// Makes a runner for the query of a view that is refreshed.
    func makeViewRunner(of view: RefreshedView) -> StatementRunner {
        let runner = makeViewRunner(
            view.state.record.database, view.contents, view.definition.properties)
        runner.openedFiles = view.files.opened
        return runner
    }

    /// Computes all rows of a view.
    private func fill(
        _ view: inout RefreshedView
    ) throws(StarlingError) -> (changes: [Change], readRowCount: Int) {
        let runner = makeViewRunner(of: view)
        let plan = try view.compiled(runner).filling
        let storage = view.storage
        let writer = segmentWriter(for: storage, view.name, in: catalog)
        let segments = try runner.segments(of: plan, storage, view.layout, view.name, writer)
        let filled = try storage.emptied().appending(segments)
        view.storage = try runner.upkept(filled, view.name, view.layout)
        let record = PartitionRecord()
        record.note(storage, view.storage, placing: segments, writer)
        return (
            try record.removals + additions(segments, writer, clearing: true) + record.changes,
            runner.readRowCount
        )
    }

    /// Makes a view anew, with another table, and with it the views that read it.
    func rebuild(
        _ name: CatalogName, _ definition: CreateMaterializedView, _ state: ViewState
    ) throws(StarlingError) {
        let readers = contents.viewsInOrder.filter { _, view in
            guard let other = view.state as? ViewState, other.isActive else { return false }
            return other.bases.contains { $0.entryName.folded == name.folded }
        }
        let made = try make(
            definition, name, in: state.record.database, isFilled: true, retaining: state)
        if let refusal = made.refusal {
            session.warnings.append(
                "each refresh of '\(name.name)' computes all of its rows: \(refusal.message)")
        }
        try add(made, as: name, replacing: true)
        for (reader, view) in readers {
            guard let state = contents.entry(reader)?.materialized?.state as? ViewState,
                !state.isActive
            else { continue }
            try rebuild(reader, view.definition, state)
        }
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
                // Who refreshes the view already looks again when that is done. Old partitions that are not
                // taken along stay behind.
                let takesAll = view.definition.property("auto_refresh_partitions_limit") == nil
                repeat {
                    guard try runner.refresh(name, because: .commit) else { break }
                } while takesAll && catalog.snapshot.isBehind(name)
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
