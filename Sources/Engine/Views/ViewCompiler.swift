// A view's query is bound and compiled with settings of its own, whoever changes its tables: in the
// default sql_mode and in UTC. What names mean is noted, and what depends on the session is refused.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingViews

/// Is the query of a view as plain operators.
struct CompiledQuery {
    var plan: LogicalPlan
    /// The same as it is written.
    var outline: LogicalPlan
    var columns: [PlanColumn]
    var names: [String]
    /// The tables and views that it names.
    var named: [CatalogName]
    /// The conditions on the columns that rows satisfy which follow the tables; others are retained.
    var following: [BoundExpression] = []

    /// Compiles how its rows are kept by changes.
    func program(_ allocator: ColumnAllocator) throws(StarlingError) -> ViewProgram {
        try ViewProgram(
            plan, columns, names: names, allocator, following: following, outline: outline)
    }

    /// The conditions on columns that stand for those of the query.
    func following(over others: [PlanColumn]) -> [BoundExpression] {
        let replacements = Dictionary(
            zip(columns, others).map { ($0.id, BoundExpression.column($1)) },
            uniquingKeysWith: { first, _ in first })
        return following.map { $0.substituting(replacements) }
    }

    /// The columns under the names that the view gives them.
    var namedColumns: [PlanColumn] {
        zip(names, columns).map { name, column in
            var column = column
            column.name = name
            return column
        }
    }

    /// The columns that are read of a table, by their positions.
    func usedPositions(of table: NativeTable) -> Set<Int> {
        var used = Set<Int>()
        plan.forEach { part in
            guard case .scan(let scan) = part.node, let native = scan.table as? NativeTable,
                native.isSameTable(as: table)
            else { return }
            used.formUnion(scan.columns.map(\.position))
        }
        return used
    }
}

/// Notes what a query asks of the world around it.
final class NameTrace {
    var tables: [CatalogName] = []
    /// What only a session knows, or may change behind a view's back.
    var foreign: String?
}

extension StatementRunner {
    /// The settings that say how, and not what, is computed.
    static let mechanical = [
        "batch_size", "pipeline_dop", "force_spill", "hash_zero", "enable_optimizer",
        "enable_runtime_filters", "query_mem_limit", "commit_durability",
    ]

    /// The time zone that the rows of all views are computed in.
    static let zoneOfViews = "UTC"

    /// Makes a runner of its own for a view's query, which sees the database as it is in `contents`.
    func makeViewRunner(
        _ database: String, _ contents: CatalogContents, _ properties: [Property] = []
    ) -> StatementRunner {
        let inner = session.database.makeSession()
        inner.currentDatabase = database
        for name in Self.mechanical {
            if let value = settings.chosenValue(name) { try? inner.settings.set(name, to: value) }
        }
        for property in properties {
            guard let name = property.sessionSetting, Self.mechanical.contains(name) else {
                continue
            }
            try? inner.settings.set(name, to: property.value)
        }
        let runner = StatementRunner(inner, cancellation: cancellation)
        runner.readContents = contents
        // The rows of a view come from its tables, and never from another view.
        runner.rewritesQueries = false
        return runner
    }

    /// Compiles a view's query over given snapshots; other names mean what they mean now. What `seals` name
    /// is retained.
    func compile(
        _ view: CreateMaterializedView, over tables: [(name: CatalogName, table: any Table)],
        retaining seals: [ViewSeal] = []
    ) throws(StarlingError) -> CompiledQuery {
        let trace = NameTrace()
        self.trace = trace
        defer { self.trace = nil }
        let bound = try withTables(tables) { () throws(StarlingError) in try bind(view.query) }
        if let foreign = trace.foreign {
            throw StarlingError(
                .unsupported, "a materialized view cannot depend on \(foreign)",
                at: view.query.range)
        }
        let names = view.columns.isEmpty ? bound.columns.map(\.name) : view.columns.map(\.name.text)
        guard names.count == bound.columns.count else {
            throw StarlingError(
                .binding,
                "the view names \(names.count) columns, its query has \(bound.columns.count)",
                at: view.name.range)
        }
        try checkDistinct(
            names, of: "the materialized view '\(view.name.last.text)'", at: view.name.range)
        if let place = bound.columns.firstIndex(where: { $0.type == .null }) {
            throw StarlingError(
                .binding, "column '\(names[place])' has no type; give it one with CAST",
                at: view.name.range)
        }
        try ViewProgram.checkMeaning(bound.plan)
        let optimizer = Optimizer(allocator: binderAllocator, session: sessionValues)
        let outline = try optimizer.outline(bound)
        var query = CompiledQuery(
            plan: try optimizer.settle(outline), outline: outline, columns: bound.columns,
            names: names, named: trace.tables)
        for seal in seals {
            let keys = try self.keys(of: seal, over: query.namedColumns)
            query.following += seal.values.flatMap { $0.excluding(keys) }
        }
        return query
    }

    /// Runs a plan and returns its rows.
    func rows(of plan: LogicalPlan) throws(StarlingError) -> Result {
        try execute(BoundQuery(plan: plan, columns: plan.outputColumns))
    }
}

extension Optimizer {
    func simplify(_ bound: BoundQuery) throws(StarlingError) -> LogicalPlan {
        try settle(try outline(bound))
    }

    func outline(_ bound: BoundQuery) throws(StarlingError) -> LogicalPlan {
        guard bound.plan.outputColumns != bound.columns else { return try outline(bound.plan) }
        var columns: [PlanColumn] = []
        for column in bound.columns where !columns.contains(column) { columns.append(column) }
        return try outline(
            LogicalPlan(
                .project(
                    ProjectNode(
                        input: bound.plan, items: columns.map(ProjectItem.init(passing:))))))
    }
}

extension StatementRunner {
    /// Says how a view is kept, for people.
    func maintenance(of view: MaterializedView, _ state: ViewState) -> String {
        program(of: view, state)?.summary ?? "all rows"
    }

    /// Says how each operator of a view is kept; nothing where all rows are computed.
    func operators(of view: MaterializedView, _ state: ViewState) -> [String] {
        program(of: view, state)?.operators ?? []
    }

    /// The program of a view that is kept by changes; nil for others.
    private func program(of view: MaterializedView, _ state: ViewState) -> ViewProgram? {
        guard state.isActive, view.definition.refreshMode != "FULL" else { return nil }
        if let program = state.compiled.program { return program }
        let runner = makeViewRunner(state.record.database, contents)
        let query = try? runner.compile(
            view.definition, over: [], retaining: state.record.seals)
        return try? query?.program(runner.binderAllocator)
    }

    /// Makes of what the log says of a view what the engine knows of it.
    func restoredView(_ record: ViewRecord) throws(StarlingError) -> MaterializedView {
        let statement = try parseStatement(record.sql)
        guard case .createMaterializedView(let definition) = statement.kind else {
            throw StarlingError(.data, "a materialized view is not defined by its CREATE statement")
        }
        var bases: [ViewBase] = []
        for base in record.bases {
            let table = try parseStatement(base.definition)
            guard case .createTable(let known) = table.kind else {
                throw StarlingError(.data, "'\(base.table)' is not defined by CREATE TABLE")
            }
            var columns = try columns(of: known)
            for (place, analyzers) in try analyzers(of: known, columns, isStrict: false) {
                columns[place].analyzers = analyzers
            }
            guard columns.count == base.columns.count else {
                throw StarlingError(
                    .data,
                    "'\(base.table)' has \(columns.count) columns and \(base.columns.count) numbers"
                )
            }
            bases.append(
                ViewBase(
                    name: CatalogName(base.table), columns: columns, identities: base.columns,
                    lastColumnNumber: base.lastColumnNumber, used: Set(base.used),
                    stand: base.version > 0 ? .version(base.version) : .none))
        }
        var state = ViewState(record, bases)
        state.schedule = try RefreshSchedule(definition.refresh)
        return MaterializedView(definition: definition, state: state)
    }
}

extension CatalogContents {
    /// Lets each view know the tables that it reads, once all of them are restored: a synchronous one
    /// stands where they do.
    mutating func findBases() {
        for (name, view) in materializedViews {
            guard var state = view.state as? ViewState else { continue }
            for place in state.bases.indices {
                let entry = entry(state.bases[place].entryName)
                guard case .table(let table as NativeTable)? = entry?.content else { continue }
                state.bases[place].newest = table
                let isNewest: Bool
                if case .version(let number) = state.bases[place].stand {
                    isNewest = number == table.history.number
                } else {
                    isNewest = false
                }
                if view.definition.isSynchronous || isNewest {
                    state.bases[place].stand = .table(table)
                }
            }
            var view = view
            view.state = state
            setView(name, to: view)
        }
    }
}
