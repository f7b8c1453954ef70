// REFRESH and ALTER MATERIALIZED VIEW. A refresh takes a view from the versions of its tables that it
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
            try self.refresh(name, entry, view, state, computesAll: refresh.force)
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

    private func refresh(
        _ name: CatalogName, _ entry: CatalogEntry, _ view: MaterializedView, _ state: ViewState,
        computesAll: Bool
    ) throws(StarlingError) {
        let contents = self.contents
        guard case .table(let storage as NativeTable) = entry.content else {
            throw StarlingError(.internal, "a materialized view has no rows")
        }
        if let reason = state.obstacle(contents) {
            throw StarlingError(.binding, "the view cannot be refreshed: \(reason)")
        }
        let start = wallClockMicroseconds()
        var state = state
        let tables = try state.tables(in: contents)
        var (table, changes) = (storage, [Change]())
        var note = "changes"
        let obstacle =
            computesAll ? "FORCE" : try obstacleToChanges(view.definition, state, storage, tables)
        if let obstacle {
            (table, changes) = try filled(name, view.definition, state, storage, contents)
            note = "all rows: \(obstacle)"
        } else {
            let found = try self.changes(
                of: view.definition, state, storage, at: tables, contents)
            if found.isEmpty {
                note = "nothing had changed"
            } else {
                (table, changes) = try exchange(
                    found.gone, found.new, in: storage, name, folder(of: catalog))
            }
        }
        state.stand(at: tables)
        state.record.refreshStart = start
        state.record.refreshEnd = wallClockMicroseconds()
        state.record.refreshNote = note
        var refreshed = view
        refreshed.state = state
        try commit(to: catalog, changes + [state.change(of: entry, in: name.database)]) {
            (contents) throws(StarlingError) in
            guard case .table(let newest as NativeTable) = contents.entry(name)?.content,
                newest.isSameTable(as: storage),
                newest.history.number == storage.history.number
            else { throw conflict(entry.name) }
            if table !== storage { contents.replaceTable(name, with: table) }
            contents.setView(name, to: refreshed)
        }
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
    ) throws(StarlingError) -> (NativeTable, [Change]) {
        let runner = makeViewRunner(state.record.database, contents)
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
            try additions(segments, writer, clearing: true)
        )
    }

    /// Makes a view anew, with another table.
    private func rebuild(
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
            guard let state = view.state as? ViewState, state.isActive, state.reads(names) else {
                continue
            }
            let runner = makeViewRunner(state.record.database, catalog.snapshot)
            do throws(StarlingError) {
                guard let entry = runner.contents.entry(name), let view = entry.materialized,
                    let state = view.state as? ViewState
                else { continue }
                try runner.refresh(name, entry, view, state, computesAll: false)
            } catch {
                session.warnings.append(
                    "materialized view '\(name.name)' was not refreshed: \(error.message)")
            }
        }
    }

    // MARK: ALTER

    func alterMaterializedView(
        _ target: QualifiedName, _ action: AlterMaterializedViewAction
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        let (entry, view, state) = try materializedView(target)
        switch action {
        case .rename(let new):
            try rename(name, to: new, change(.alterMaterializedView(target, action)))
        case .active:
            guard !state.isActive else { break }
            try located(target) { () throws(StarlingError) in
                try rebuild(name, entry, view, state)
            }
        case .inactive:
            guard state.isActive else { break }
            var changed = view
            var state = state
            state.record.inactiveReason = "it was set INACTIVE"
            changed.state = state
            try commit(to: catalog, [state.change(of: entry, in: name.database)]) { contents in
                contents.setView(name, to: changed)
            }
        case .setProperties(let properties):
            try ViewProperties.check(properties, session)
            guard !properties.contains(where: { $0.key.lowercased() == "refresh_mode" }) else {
                throw StarlingError(
                    .unsupported,
                    "refresh_mode says what is stored; CREATE OR REPLACE the view to change it",
                    at: target.range)
            }
            var changed = view
            var state = state
            for property in properties {
                changed.definition.properties.removeAll {
                    $0.key.lowercased() == property.key.lowercased()
                }
                changed.definition.properties.append(property)
            }
            state.record.sql =
                Statement.Kind.createMaterializedView(changed.definition.plain(as: name)).sql
            changed.state = state
            try commit(to: catalog, [state.change(of: entry, in: name.database)]) { contents in
                contents.setView(name, to: changed)
            }
        case .refresh, .swap, .addIndex, .dropIndex:
            throw StarlingError(
                .unsupported,
                "this change of ALTER MATERIALIZED VIEW is parsed but not executed by this version",
                at: target.range)
        }
        return .none
    }

    private func rename(
        _ name: CatalogName, to new: Identifier, _ change: Change
    ) throws(StarlingError) {
        try located(QualifiedName([new])) { () throws(StarlingError) in
            try commit(to: catalog, [change]) { (contents) throws(StarlingError) in
                guard var entry = contents.entry(name), var view = entry.materialized,
                    var state = view.state as? ViewState,
                    case .table(let table as NativeTable) = entry.content
                else {
                    throw StarlingError(
                        .binding, "there is no materialized view '\(name.name)' any more")
                }
                _ = contents.remove(name)
                entry.name = new.text
                entry.content = .table(table.named(new.text))
                entry.definition?.name = QualifiedName([new])
                view.definition.name = QualifiedName([new])
                let target = CatalogName(database: name.database, name: new.text)
                state.record.sql =
                    Statement.Kind.createMaterializedView(view.definition.plain(as: target)).sql
                view.state = state
                entry.materialized = view
                try contents.add(entry, to: name.database, replacing: false)
            }
        }
    }
}
