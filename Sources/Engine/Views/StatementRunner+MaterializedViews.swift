// CREATE MATERIALIZED VIEW. The rows are computed over a snapshot; should somebody have changed its
// tables by the time of the commit, the view follows in it.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import StarlingViews

/// Is a materialized view that no catalog has yet.
struct NewView {
    var table: NativeTable
    var definition: CreateTable
    var view: CreateMaterializedView
    var state: ViewState
    var segments: [Segment]
    var writer: SegmentWriter?
    /// Why each refresh computes all rows; nil where changes suffice.
    var refusal: StarlingError?
    /// What the view was, where it is made anew and retains the same rows.
    var earlier: ViewState?
}

extension StatementRunner {
    func createMaterializedView(
        _ view: CreateMaterializedView
    ) throws(StarlingError) -> Result {
        let name = try catalogName(view.name)
        let known = storedEntry(name)
        if known != nil, view.ifNotExists { return .none }
        if let known, !view.orReplace || known.materialized == nil {
            throw StarlingError(
                .binding, "\(known.kindName) '\(name.name)' exists already", at: view.name.range)
        }
        var view = view
        view.refresh = try view.refresh?.starting(at: wallClockMicroseconds(), view.name.range)
        try ViewProperties.check(view.properties, session)
        let isDeferred = view.refresh?.isImmediate == false
        let made = try make(view, name, in: session.currentDatabase, isFilled: !isDeferred)
        if let state = known?.materialized?.state as? ViewState, !state.record.seals.isEmpty {
            session.warnings.append(
                "the rows that '\(name.name)' retained of dropped partitions go with what it was")
        }
        if let refusal = made.refusal {
            session.warnings.append(
                "each refresh of '\(name.name)' computes all of its rows: \(refusal.message)")
        }
        try located(view.name) { () throws(StarlingError) in
            try add(made, as: name, replacing: known != nil)
        }
        session.database.scheduler.lookAnew(session.database)
        return Result(
            columns: [], chunks: [],
            affectedRowCount: made.segments.reduce(0) { $0 + $1.liveRowCount })
    }

    /// Says no to a table that cannot take the columns of a view.
    private func checkTarget(
        _ target: QualifiedName, of names: [String], _ view: CreateMaterializedView,
        in database: String
    ) throws(StarlingError) {
        let name = try catalog.resolve(target, in: database)
        try located(target) { () throws(StarlingError) in
            let entry = contents.entry(name)
            if let entry, entry.kindName != "table" {
                throw StarlingError(
                    .binding,
                    "'\(entry.name)' is a \(entry.kindName), and INTO names a table that gets the "
                        + "rows; a view of several is CREATE VIEW … AS SELECT … UNION ALL SELECT …")
            }
            guard let entry, case .table(let table as NativeTable) = entry.content else {
                let tables = contents.entries(in: name.database).filter { $0.materialized == nil }
                let near = nearestName(to: name.name, among: tables.map(\.name))
                throw StarlingError(
                    .binding,
                    "there is no table '\(name.name)' that a materialized view could feed"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
            _ = try FedTable.positions(
                of: names, in: table, entry.definition, of: view.name.last.text)
        }
    }

    // MARK: Making

    /// Compiles a view and computes its rows; those that it retains it takes over.
    func make(
        _ view: CreateMaterializedView, _ name: CatalogName, in database: String, isFilled: Bool,
        retaining earlier: ViewState? = nil
    ) throws(StarlingError) -> NewView {
        let contents = self.contents
        let runner = makeViewRunner(database, contents, view.properties)
        let seals = earlier?.record.seals ?? []
        let known = earlier?.knownTables(in: contents) ?? []
        let (query, files) = try ViewedFiles.compiling(runner) { () throws(StarlingError) in
            try runner.compile(view, over: known, retaining: seals)
        }
        if let target = view.target { try checkTarget(target, of: query.names, view, in: database) }
        var program: ViewProgram?
        var refusal: StarlingError?
        do throws(StarlingError) {
            program = try query.program(runner.binderAllocator)
        } catch {
            guard error.kind == .unsupported else { throw error }
            refusal = error
        }
        try check(refusal, of: view, files.tables)
        if view.refreshMode == "FULL" { program = nil }
        let columns =
            program?.storedColumns
            ?? zip(query.names, query.columns).map { TableColumn(name: $0, type: $1.type) }
        let definition = try definition(of: columns, program, named: view, query.names.count)
        var table = try laidOut(NativeTable(name: name.name, columns: columns), definition)
        var record = ViewRecord(
            database: database,
            sql: Statement.Kind.createMaterializedView(view.plain(as: name)).sql,
            columnCount: query.names.count)
        record.mark = program?.markPosition.map { columns[$0].name } ?? ""
        for seal in seals { record.add(seal) }
        let bases = try bases(of: query, known, contents, &record)
        try query.checkTables(bases, at: view.query.range)
        var state = ViewState(record, bases)
        state.schedule = try RefreshSchedule(view.refresh)
        state.compiled.program = files.tables.isEmpty ? program : nil
        state.record.files = try mapAll(files.tables) { (table) throws(StarlingError) in
            try ViewRecord.Files(unread: table)
        }
        let writer = segmentWriter(for: table, name, in: catalog)
        var segments: [Segment] = []
        if isFilled || view.isSynchronous {
            let start = wallClockMicroseconds()
            var filling = try program?.filling() ?? query.whole
            if !seals.isEmpty {
                filling = filling.retaining(
                    query.following(over: filling.outputColumns),
                    of: try retained(name, columns, contents), runner.binderAllocator)
            }
            segments = try runner.segments(of: filling, table, definition.layout, name, writer)
            state.stand(at: try state.tables(in: contents))
            try state.stand(at: files)
            state.record.refreshStart = start
            state.record.refreshEnd = wallClockMicroseconds()
            state.record.refreshNote = "all rows"
            table = try runner.upkept(table.appending(segments), name, definition.layout)
        }
        return NewView(
            table: table, definition: definition, view: view, state: state, segments: segments,
            writer: writer, refusal: refusal, earlier: earlier)
    }

    /// Finds the stored rows of a view that it retains; says no where they cannot be stored as others are to
    /// be.
    private func retained(
        _ name: CatalogName, _ columns: [TableColumn], _ contents: CatalogContents
    ) throws(StarlingError) -> NativeTable {
        guard case .table(let storage as NativeTable)? = contents.entry(name)?.content,
            storage.columns.map(\.type) == columns.map(\.type)
        else {
            throw StarlingError(
                .unsupported,
                "'\(name.name)' retains rows of partitions that were dropped, which cannot be computed "
                    + "anew, and would be stored otherwise; leave how it is kept as it is, or give "
                    + "them up with CREATE OR REPLACE MATERIALIZED VIEW")
        }
        return storage
    }

    /// Says no where the view is to be kept by changes and cannot be.
    private func check(
        _ refusal: StarlingError?, of view: CreateMaterializedView,
        _ files: [any TableOfFiles]
    ) throws(StarlingError) {
        if view.isSynchronous || view.followsCommits, let table = files.first {
            let kind =
                view.isSynchronous
                ? "without REFRESH is kept in each commit"
                : "with REFRESH ASYNC is refreshed behind each commit"
            throw StarlingError(
                .unsupported,
                "a materialized view \(kind), and \(table.title) changes without one; REFRESH MANUAL "
                    + "or REFRESH ASYNC EVERY(INTERVAL …) takes the files along that have come",
                at: view.name.range)
        }
        guard let refusal else { return }
        if view.isSynchronous {
            throw StarlingError(
                .unsupported,
                "a materialized view without REFRESH is kept in each commit, and this one cannot be: "
                    + "\(refusal.message). REFRESH MANUAL computes all rows when it is asked to",
                at: view.name.range)
        }
        guard view.refreshMode == "INCREMENTAL" else { return }
        throw StarlingError(
            .unsupported,
            "the view cannot be refreshed by changes: \(refusal.message). With refresh_mode AUTO or "
                + "FULL each refresh computes all rows", at: view.name.range)
    }

    /// Finds what the query reads, tables with the columns that they are known by.
    private func bases(
        of query: CompiledQuery, _ known: [(name: CatalogName, table: any Table)],
        _ contents: CatalogContents, _ record: inout ViewRecord
    ) throws(StarlingError) -> [ViewBase] {
        var bases: [ViewBase] = []
        var seen: Set<CatalogName> = []
        for name in query.named where seen.insert(name.folded).inserted {
            let stored = name.ofView ?? name
            guard let entry = contents.entry(stored) else { continue }
            let folded = TableName(
                database: name.database.lowercased(), name: name.name.lowercased())
            switch entry.content {
            case .view(let view):
                record.sources.append(
                    ViewRecord.Source(
                        folded, definition: view.definition(named: folded.name)))
            case .table(let table as NativeTable):
                // What a view's name means is its stored rows.
                if entry.materialized != nil, name.ofView == nil { continue }
                let newest = table
                let table =
                    known.first { $0.name.isSame(as: name) }?.table as? NativeTable ?? newest
                let used = query.usedPositions(of: table).map { table.identities[$0].number }
                let base = ViewBase(
                    name: CatalogName(database: folded.database, name: folded.name),
                    columns: table.columns, identities: table.identities,
                    lastColumnNumber: table.lastColumnNumber, used: Set(used), newest: newest)
                bases.append(base)
                record.bases.append(
                    ViewRecord.Base(
                        folded, definition: try Self.definition(of: table.columns),
                        columns: table.identities, lastColumnNumber: table.lastColumnNumber,
                        used: used.sorted(), version: 0))
            case .table: break
            }
        }
        return bases
    }

    /// Writes columns and their types as CREATE TABLE.
    static func definition(of columns: [TableColumn]) throws(StarlingError) -> String {
        let place = TextRange(start: 0, end: 0)
        let name = QualifiedName([Identifier("t", range: place)])
        var table = try CreateTable(name, columns: columns)
        table.properties += [columns.analyzerProperty].compactMap(\.self)
        return Statement.Kind.createTable(table).sql
    }

    // MARK: The commit

    func add(
        _ made: NewView, as name: CatalogName, replacing isReplacing: Bool
    ) throws(StarlingError) {
        let place = made.view.name.range
        let target = QualifiedName([
            Identifier(name.database, isQuoted: true, range: place),
            Identifier(name.name, isQuoted: true, range: place),
        ])
        var definition = made.definition
        definition.name = target
        var recorded: [Change] = []
        if isReplacing {
            recorded.append(change(.drop(Drop(.materializedView, target))))
        }
        recorded.append(change(.createTable(definition)))
        recorded += try additions(made.segments, made.writer)
        let record = PartitionRecord()
        record.note(
            made.table.having(made.table.partitions?.having([]), []), made.table,
            placing: made.segments, made.writer)
        recorded += record.changes
        let entry = CatalogEntry(
            name: name.name, content: .table(made.table), definition: definition,
            materialized: MaterializedView(definition: made.view, state: made.state))
        recorded.append(made.state.change(of: entry, in: name.database))
        try commit(to: catalog, recorded) { (contents) throws(StarlingError) in
            if isReplacing {
                guard contents.entry(name)?.materialized != nil,
                    made.earlier.map({ contents.retainsTheSame(name, as: $0) }) ?? true
                else {
                    throw StarlingError(
                        .data, "'\(name.name)' was changed by another session meanwhile")
                }
                _ = contents.remove(name)
            }
            try contents.add(entry, to: name.database, replacing: false)
        }
    }
}

extension CompiledQuery {
    /// Says no to tables that are made where they are named, as those of information_schema.
    func checkTables(_ bases: [ViewBase], at place: TextRange) throws(StarlingError) {
        var foreign: String?
        plan.forEach { part in
            guard case .scan(let scan) = part.node, let table = scan.table as? NativeTable,
                !bases.contains(where: { $0.newest?.isSameTable(as: table) ?? false })
            else { return }
            foreign = table.title
        }
        guard let foreign else { return }
        throw StarlingError(
            .unsupported, "a materialized view cannot depend on \(foreign)", at: place)
    }

    /// The plan that gives all rows, where changes of it are not known.
    var whole: LogicalPlan {
        let allocated = columns
        let (plan, _) = plan.keeping(following)
        guard plan.outputColumns != allocated else { return plan }
        return LogicalPlan(
            .project(
                ProjectNode(input: plan, items: allocated.map(ProjectItem.init(passing:)))))
    }
}

extension CreateMaterializedView {
    /// The statement that makes the view where there is none.
    func plain(as name: CatalogName) -> CreateMaterializedView {
        var plain = self
        plain.orReplace = false
        plain.ifNotExists = false
        plain.name = QualifiedName([
            Identifier(name.name, isQuoted: true, range: self.name.range)
        ])
        return plain
    }
}

extension CatalogEntry {
    /// The entry as queries read it: a materialized view shows some columns of its stored rows.
    func read(as name: CatalogName) -> CatalogEntry {
        guard let materialized, let state = materialized.state as? ViewState,
            case .table(let table) = content
        else { return self }
        let stored = CatalogName(database: name.database, name: self.name).ofStoredRows
        let columns = table.columns.prefix(state.record.columnCount).map { quoted($0.name) }
        let mark = state.record.mark
        let text =
            "SELECT \(columns.joined(separator: ", ")) FROM \(quoted(stored.database))."
            + quoted(stored.name) + (mark.isEmpty ? "" : " WHERE \(quoted(mark))")
        guard let query = try? parseQuery(text) else { return self }
        var entry = self
        entry.content = .view(
            ViewDefinition(
                columns: [], query: query, comment: materialized.definition.comment))
        return entry
    }
}
