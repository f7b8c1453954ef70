// A materialized view while it is refreshed: what it is made of, all as one snapshot of the database has it,
// and what the refresh has made of its rows so far.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingViews

/// Holds a view that is being refreshed.
struct RefreshedView {
    let name: CatalogName
    let entry: CatalogEntry
    let view: MaterializedView
    /// The tables that the view reads.
    let tables: [NativeTable]
    let contents: CatalogContents
    /// How the stored rows lie.
    let layout: CreateTable
    /// The stored rows as the catalog has them.
    var known: NativeTable
    /// The stored rows as they are to become.
    var storage: NativeTable
    var state: ViewState
    private(set) var files = ViewedFiles.none

    init(_ name: CatalogName, _ contents: CatalogContents) throws(StarlingError) {
        guard let entry = contents.entry(name), let view = entry.materialized,
            let state = view.state as? ViewState, let definition = entry.definition,
            case .table(let storage as NativeTable) = entry.content
        else { throw StarlingError(.binding, "there is no materialized view '\(name.name)'") }
        if let reason = state.obstacle(contents) {
            throw StarlingError(.binding, "the view cannot be refreshed: \(reason)")
        }
        self.name = name
        self.entry = entry
        self.view = view
        self.contents = contents
        self.state = state
        self.storage = storage
        known = storage
        layout = definition.layout
        tables = try state.tables(in: contents)
    }

    var definition: CreateMaterializedView { view.definition }

    /// How many of the newest partitions automatic refreshes take along; nil where all.
    var partitionLimit: Int? { count("auto_refresh_partitions_limit") }

    /// How many partitions are computed in one commit; nil where all.
    var partitionsPerCommit: Int? { count("partition_refresh_number") }

    private func count(_ property: String) -> Int? {
        definition.property(property).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Looks at the files that the view reads; what is compiled from now on reads these.
    mutating func lookAtFiles(_ runner: StatementRunner) throws(StarlingError) {
        guard state.compiled.program == nil else { return }
        files = try ViewedFiles.compiling(runner) { () throws(StarlingError) in
            try query(runner)
        }.files
    }

    private func query(_ runner: StatementRunner) throws(StarlingError) -> CompiledQuery {
        try runner.compile(
            definition,
            over: zip(state.bases, tables).map { base, table in (base.name, base.known(table)) },
            retaining: state.record.seals)
    }

    /// Notes that the rows are those of the tables and files as they are.
    mutating func standsNow() throws(StarlingError) {
        state.stand(at: tables)
        try state.stand(at: files)
    }

    /// Compiles the query of the view.
    func compiled(_ runner: StatementRunner) throws(StarlingError) -> RefreshQuery {
        let query = try query(runner)
        var compiled = RefreshQuery(query: query, filling: query.whole)
        do throws(StarlingError) {
            let program = try query.program(runner.binderAllocator)
            if storage.columns.count > query.columns.count || !storage.keyNumbers.isEmpty {
                compiled.filling = try program.filling()
            }
        } catch {
            guard error.kind == .unsupported else { throw error }
            compiled.refusal = error
        }
        guard compiled.filling.outputColumns.map(\.type) == storage.columns.map(\.type) else {
            throw StarlingError(
                .data,
                "its rows are stored otherwise; ALTER MATERIALIZED VIEW … ACTIVE makes it anew")
        }
        compiled.filling = compiled.filling.retaining(
            query.following(over: compiled.filling.outputColumns), of: storage,
            runner.binderAllocator)
        return compiled
    }
}

/// Is the query of a view that is being refreshed.
struct RefreshQuery {
    var query: CompiledQuery
    /// Gives all rows as they are stored.
    var filling: LogicalPlan
    /// Why changes of it are not known; nil where they are.
    var refusal: StarlingError?
}

/// Says what a refresh is to do.
struct RefreshRequest {
    /// The partitions to be refreshed; nil for all rows.
    var partitions: PartitionChoice?
    /// True where rows are computed anew whether they have changed or not.
    var isForced = false
    /// True for refreshes that no statement asks for.
    var isAutomatic = false
}

/// Says why a view is not refreshed by changes.
struct RefreshObstacle {
    var reason: String
    /// True where it may be known all the same which partitions have changed.
    var leavesPartitions = false

    /// Says no where a view is to be refreshed by changes and nothing else.
    func check(_ view: CreateMaterializedView) throws(StarlingError) {
        guard view.refreshMode == "INCREMENTAL" else { return }
        throw StarlingError(
            .data,
            "the view cannot be refreshed by changes: \(reason). REFRESH … FORCE computes all rows")
    }
}
