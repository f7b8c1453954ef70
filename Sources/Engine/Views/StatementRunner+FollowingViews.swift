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
        _ contents: inout CatalogContents, isStored: Bool
    ) throws(StarlingError) -> [Change] {
        guard !session.isRestoring else { return [] }
        var changes: [Change] = []
        for (name, _) in contents.viewsInOrder {
            guard let entry = contents.entry(name), var view = entry.materialized,
                var state = view.state as? ViewState, state.isActive,
                state.reads(contents.changedNames) || contents.hasChanged(name)
            else { continue }
            if let reason = state.obstacle(contents) {
                state.record.inactiveReason = reason
                view.state = state
                contents.setView(name, to: view)
                changes.append(state.change(of: entry, in: name.database))
                session.warnings.append(
                    "materialized view '\(entry.name)' is inactive now: \(reason)")
                continue
            }
            guard view.definition.isSynchronous else { continue }
            do throws(StarlingError) {
                changes += try follow(name, view, state, &contents, isStored: isStored)
            } catch {
                throw StarlingError(
                    error.kind,
                    "materialized view '\(entry.name)' cannot follow the change: \(error.message)")
            }
        }
        return changes
    }

    private func follow(
        _ name: CatalogName, _ view: MaterializedView, _ state: ViewState,
        _ contents: inout CatalogContents, isStored: Bool
    ) throws(StarlingError) -> [Change] {
        guard case .table(let storage as NativeTable) = contents.entry(name)?.content else {
            throw StarlingError(.internal, "it has no rows")
        }
        var view = view
        var state = state
        let tables = try state.tables(in: contents)
        let folder = isStored ? folder(of: catalog) : nil
        let found = try changes(
            of: view.definition, state, storage, at: tables, contents)
        state.stand(at: tables)
        view.state = state
        contents.setView(name, to: view)
        guard !found.isEmpty else { return [] }
        let (table, changes) = try exchange(found.gone, found.new, in: storage, name, folder)
        contents.replaceTable(name, with: table)
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

    // MARK: Changes of one view

    /// Finds out what a view's stored rows become.
    func changes(
        of definition: CreateMaterializedView, _ state: ViewState, _ storage: NativeTable,
        at tables: [NativeTable], _ contents: CatalogContents
    ) throws(StarlingError) -> ViewChanges {
        var changes: [BaseChange] = []
        for (base, table) in zip(state.bases, tables) {
            let old: NativeTable
            switch base.stand {
            case .none: throw StarlingError(.internal, "it was never filled")
            case .table(let stand): old = stand
            case .version(let number): old = try table.version(number)
            }
            changes.append(
                old === table
                    ? BaseChange(same: base.known(table))
                    : BaseChange(from: base.known(old), to: base.known(table)))
        }
        let runner = makeViewRunner(state.record.database, contents, definition.properties)
        let program = try program(of: definition, state, storage, tables, runner)
        return try ViewChanges(program, changes, storage, runner)
    }

    /// Returns the compiled query of a view.
    func program(
        of definition: CreateMaterializedView, _ state: ViewState, _ storage: NativeTable,
        _ tables: [NativeTable], _ runner: StatementRunner
    ) throws(StarlingError) -> ViewProgram {
        if let program = state.compiled.program { return program }
        let query = try runner.compile(
            definition,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) })
        let program = try ViewProgram(
            query.plan, query.columns, names: query.names, runner.binderAllocator)
        guard program.storedColumns.map(\.type) == storage.columns.map(\.type) else {
            throw StarlingError(
                .data,
                "another version of the program has stored its rows; ALTER MATERIALIZED VIEW … "
                    + "ACTIVE makes them anew")
        }
        state.compiled.program = program
        return program
    }

    /// Takes rows from a view's table, and adds others.
    func exchange(
        _ gone: RowNumbers, _ new: [Chunk], in storage: NativeTable, _ name: CatalogName,
        _ folder: DatabaseFolder?
    ) throws(StarlingError) -> (NativeTable, [Change]) {
        let writer = folder.map {
            SegmentWriter(
                $0, for: storage, named: TableName(database: name.database, name: storage.name),
                making: indexMaking())
        }
        let (loss, moved) = try storage.losing(gone, for: writer == nil ? .memory : .disk)
        let made = try moved + storage.segments(of: new, for: writer == nil ? .memory : .disk)
        let stored = try mapAll(made) { (segment) throws(StarlingError) in
            try writer?.store(segment) ?? segment
        }
        guard let left = storage.without(loss) else {
            throw StarlingError(.internal, "rows of it are gone already")
        }
        let table = try left.table.appending(stored)
        let changes =
            try (writer?.changes(of: loss, emptied: left.emptied) ?? [])
            + additions(stored, writer)
        return (table, changes)
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
            if let reason = base.obstacle(contents) { return reason }
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

    /// What stands in the log of the view.
    func change(of entry: CatalogEntry, in database: String) -> Change {
        .materializedView(TableName(database: database, name: entry.name), record)
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

    /// The materialized views, those that others read first.
    var viewsInOrder: [(name: CatalogName, view: MaterializedView)] {
        let views = materializedViews
        guard views.count > 1 else { return views }
        var depths: [CatalogName: Int] = [:]
        return views.map { ($0.name, $0.view, self.depth(of: $0.name, $0.view, &depths)) }
            .sorted { $0.2 < $1.2 }.map { ($0.0, $0.1) }
    }

    private func depth(
        of name: CatalogName, _ view: MaterializedView, _ depths: inout [CatalogName: Int]
    ) -> Int {
        if let known = depths[name.folded] { return known }
        var depth = 0
        for base in (view.state as? ViewState)?.bases ?? [] {
            guard let below = base.name.ofView, let view = entry(below)?.materialized else {
                continue
            }
            depth = max(depth, self.depth(of: below, view, &depths) + 1)
        }
        depths[name.folded] = depth
        return depth
    }
}
