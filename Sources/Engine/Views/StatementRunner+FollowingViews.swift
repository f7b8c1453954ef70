// How materialized views follow a commit. Under the catalog's lock, when the tables are changed but
// nobody sees it yet, each synchronous view that reads one of them is changed, too, views that read
// views after these; so all of them and the tables are one version. A view that can be kept no more
// becomes inactive, and notes the reason.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingPlans
import StarlingTables
import StarlingVectors
import StarlingViews

extension StatementRunner {
    /// Lets the views follow what was changed and returns what stands in the log of it.
    func followViews(
        _ contents: inout CatalogContents, from earlier: CatalogContents, isStored: Bool
    ) throws(StarlingError) -> [Change] {
        guard !session.isRestoring else { return [] }
        var changes: [Change] = []
        for step in contents.followers(since: earlier) {
            for name in step.views { noteRecovery(of: name, contents, from: earlier) }
            changes += try followViews(step.views, &contents, isStored: isStored)
            for name in step.fedTables {
                changes += try followFeeders(of: name, &contents, from: earlier, isStored: isStored)
            }
        }
        return changes
    }

    /// Lets views follow of which none reads another.
    private func followViews(
        _ names: [CatalogName], _ contents: inout CatalogContents, isStored: Bool
    ) throws(StarlingError) -> [Change] {
        var changes: [Change] = []
        var following: [FollowedView] = []
        let changedNames = contents.namesOfOtherRows
        for name in names {
            guard let entry = contents.entry(name), var view = entry.materialized,
                var state = view.state as? ViewState, state.isActive,
                state.reads(contents.changedNames) || contents.hasChanged(name)
            else { continue }
            if let reason = state.obstacle(contents) {
                state.record.inactiveReason = reason
                view.state = state
                contents.setView(name, to: view)
                recoverableViews.append((name, isNew: true))
                changes.append(state.change(of: entry, in: name.database))
            } else if view.definition.isSynchronous,
                state.reads(changedNames) || contents.hasChanged(name)
            {
                following.append(
                    FollowedView(
                        name, entry, view, state, at: try state.tables(in: contents),
                        makeViewRunner(
                            state.record.database, contents, view.definition.properties)))
            }
        }
        guard !following.isEmpty else { return changes }
        try FollowedView.findChanges(
            following, session.database.pool, workerCount: chosenWorkerCount, cancellation)
        let folder = isStored ? folder(of: catalog) : nil
        for view in following {
            contents.setView(view.name, to: view.following)
            guard let exchanged = try view.exchange(folder) else { continue }
            contents.replaceTable(view.name, with: exchanged.table)
            changes += exchanged.changes
        }
        return changes
    }

    /// Notes the snapshots that the views stand at, once these are versions.
    func settleViews(_ contents: inout CatalogContents) {
        guard !session.isRestoring else { return }
        for (name, view) in contents.materializedViews {
            guard view.definition.isSynchronous, var state = view.state as? ViewState,
                state.isActive, state.reads(contents.changedNames) || contents.hasChanged(name),
                let tables = try? state.tables(in: contents)
            else { continue }
            var view = view
            state.stand(at: tables)
            view.state = state
            contents.setView(name, to: view)
        }
    }

    /// Lets views know that the rows of a table were only packed anew.
    func noteRepacking(
        of name: CatalogName, from before: NativeTable, to after: NativeTable,
        _ contents: inout CatalogContents
    ) {
        for (viewName, view) in contents.materializedViews {
            guard var state = view.state as? ViewState, state.reads([name]) else { continue }
            var view = view
            state.noteRepacking(of: name, from: before, to: after)
            view.state = state
            contents.setView(viewName, to: view)
        }
    }

    // MARK: Views that were left behind

    /// Notes a view that could be kept no more where the tables that it reads have changed their shape.
    private func noteRecovery(
        of name: CatalogName, _ contents: CatalogContents, from earlier: CatalogContents
    ) {
        guard let state = contents.entry(name)?.materialized?.state as? ViewState,
            state.isLeftBehind, state.hasOtherShape(contents, than: earlier)
        else { return }
        recoverableViews.append((name, isNew: false))
    }

    /// Makes views anew whose tables have become what their queries can be computed of again.
    func recoverViews() {
        let candidates = recoverableViews
        recoverableViews = []
        for (name, isNew) in candidates {
            guard let view = contents.entry(name)?.materialized,
                let state = view.state as? ViewState, state.isLeftBehind
            else { continue }
            let isMade = (try? rebuild(name, view.definition, state)) != nil
            let title = "materialized view '\(name.name)'"
            let reason = state.record.inactiveReason
            switch (isMade, isNew) {
            case (true, true): session.warnings.append("\(title) was made anew: \(reason)")
            case (true, false): session.warnings.append("\(title) is active again")
            case (false, true): session.warnings.append("\(title) is inactive now: \(reason)")
            case (false, false): break
            }
        }
    }

    // MARK: Changes of one view

    /// Finds out, as a view's runner, what its stored rows become.
    func changes(
        of definition: CreateMaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ layout: CreateTable?, at tables: [NativeTable], files: ViewedFiles = .none
    ) throws(StarlingError) -> ViewChanges {
        let program = try program(of: definition, state, storage, tables, self)
        return try ViewChanges(
            program, try state.changes(to: tables) + state.changes(to: files.tables), storage,
            self, keeping: try KeptRows(storage, layout, self))
    }

    /// Returns the compiled query of a view.
    func program(
        of definition: CreateMaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ tables: [NativeTable], _ runner: StatementRunner
    ) throws(StarlingError) -> ViewProgram {
        if let program = state.compiled.program { return program }
        let query = try runner.compile(
            definition,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) },
            retaining: state.record.seals)
        let program = try query.program(runner.binderAllocator)
        guard program.storedColumns.map(\.type) == storage.columns.map(\.type) else {
            throw StarlingError(
                .data,
                "another version of the program has stored its rows; ALTER MATERIALIZED VIEW … "
                    + "ACTIVE makes them anew")
        }
        // Files may have other columns the next time.
        if query.plan.tablesOfFiles.isEmpty { state.compiled.program = program }
        return program
    }

    /// Takes rows from a table, and adds others; `definition` says how the table keeps them.
    func exchange(
        _ gone: RowNumbers, _ new: [Chunk], in table: NativeTable, _ name: CatalogName,
        as definition: CreateTable?, _ folder: DatabaseFolder?
    ) throws(StarlingError) -> (NativeTable, [Change]) {
        let writer = folder.map {
            SegmentWriter(
                $0, for: table, named: TableName(database: name.database, name: table.name),
                making: indexMaking())
        }
        let isForDisk = writer != nil
        let (loss, moved) = try table.losing(gone, for: isForDisk ? .disk : .memory)
        let router = try router(for: table, definition)
        let packed = try segments(of: new, for: table, router, isStored: isForDisk)
        let coming = try sortedIfMany(packed, of: table, as: definition, isForDisk: isForDisk)
        try checkNotNull(coming, table)
        let stored = try mapAll(moved + coming) { (segment) throws(StarlingError) in
            try writer?.store(segment) ?? segment
        }
        guard let left = table.without(loss) else {
            throw StarlingError(.internal, "rows of it are gone already")
        }
        let result = try upkept(left.table.appending(stored), name, definition)
        let record = PartitionRecord()
        record.note(table, result, placing: stored, writer)
        let changes =
            try (writer?.changes(of: loss, emptied: left.emptied) ?? []) + record.removals
            + additions(stored, writer) + record.changes
        return (result, changes)
    }
}

extension ViewState {
    /// Tells whether some of the names are those of what the view reads.
    func reads(_ names: Set<CatalogName>) -> Bool {
        let names = Set(names.map(\.folded))
        return bases.contains { names.contains($0.entryName.folded) }
            || record.sources.contains { names.contains(CatalogName($0.name)) }
    }

    /// Says why the view can be kept no more; nil where it can.
    func obstacle(_ contents: CatalogContents) -> String? {
        for source in record.sources {
            guard case .view(let view) = contents.entry(CatalogName(source.name))?.content,
                view.definition(named: source.name.name) == source.definition
            else { return "view '\(source.name)' is not what it was" }
        }
        for base in bases {
            if let reason = base.obstacle(contents, seeksTerms: record.seeksTerms) { return reason }
        }
        return nil
    }

    /// The tables that the view reads, as they are.
    func tables(in contents: CatalogContents) throws(StarlingError) -> [NativeTable] {
        try mapAll(bases) { (base) throws(StarlingError) in
            guard case .table(let table as NativeTable) = contents.entry(base.entryName)?.content
            else {
                throw StarlingError(.binding, "there is no table '\(base.entryName.name)' any more")
            }
            return table
        }
    }

    /// True where the view is kept no more because of what it reads, and not because somebody wanted that
    /// or its refreshes failed.
    var isLeftBehind: Bool {
        !isActive && record.inactiveReason != Self.setInactive
            && !record.inactiveReason.hasPrefix(Self.failing)
    }

    /// Tells whether something that the view reads is there again, or has other columns.
    func hasOtherShape(_ contents: CatalogContents, than earlier: CatalogContents) -> Bool {
        let names = bases.map(\.entryName) + record.sources.map { CatalogName($0.name) }
        return names.contains { name in
            guard let new = contents.entry(name) else { return false }
            guard let old = earlier.entry(name) else { return true }
            switch (old.content, new.content) {
            case (.table(let old as NativeTable), .table(let new as NativeTable)):
                return !old.isSameTable(as: new) || old.identities != new.identities
                    || old.columns != new.columns
            case (.view(let old), .view(let new)):
                return old.definition(named: name.name) != new.definition(named: name.name)
            default: return true
            }
        }
    }

    /// What has changed in the tables that the view reads since its rows were made.
    func changes(to tables: [NativeTable]) throws(StarlingError) -> [BaseChange] {
        try mapAll(Array(zip(bases, tables))) { (pair) throws(StarlingError) in
            let (base, table) = pair
            let old: NativeTable
            switch base.stand {
            case .none: throw StarlingError(.internal, "it was never filled")
            case .table(let stand): old = stand
            case .version(let number): old = try table.version(number)
            }
            return old === table
                ? BaseChange(same: base.known(table))
                : base.change(from: old, to: table)
        }
    }

    /// What stands in the log of the view.
    func change(of entry: CatalogEntry, in database: String) -> Change {
        .materializedView(TableName(database: database, name: entry.name), record)
    }
}

extension ViewRecord {
    /// Tells whether the query may look for terms of texts.
    fileprivate var seeksTerms: Bool {
        ([sql] + sources.map(\.definition)).contains { text in
            let text = text.lowercased()
            return ["match", "search", "score", "highlight", "snippet"].contains {
                text.contains($0)
            }
        }
    }
}

extension CatalogName {
    init(_ name: TableName) {
        self.init(database: name.database.lowercased(), name: name.name.lowercased())
    }
}

extension CatalogContents {
    /// Tells whether what a name means was changed.
    func hasChanged(_ name: CatalogName) -> Bool {
        changedNames.contains { $0.folded == name.folded }
    }

    /// What was changed, but for tables whose rows were only packed anew.
    var namesOfOtherRows: Set<CatalogName> {
        changedNames.filter { name in
            guard case .table(let table as NativeTable)? = entry(name)?.content else { return true }
            return !table.isOnlyRepacked
        }
    }
}
