// Runs one statement: the switch over everything that the dialect has.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFormats
import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors

/// Takes some rows of a query; returns false where no more are wanted.
typealias ChunkReceiver = @Sendable ([ResultColumn], Chunk) -> Bool

/// Runs a statement for a session.
final class StatementRunner {
    let session: Session
    let cancellation: Cancellation
    /// The values of `?` and `$1`.
    var parameters: [(value: Value, type: LogicalType)] = []
    /// The values of `:name`, by lower-case names.
    var namedParameters: [String: (value: Value, type: LogicalType)] = [:]
    /// True where the statement has asked for a variable of the session.
    var hasReadVariables = false
    /// True while the rows of a system table are made.
    var isTellingOfSystem = false
    /// What names mean while rows are changed: tables with the numbers of their rows.
    var overriddenTables: [(name: CatalogName, table: any Table)] = []
    /// The function that is being made, which its own text must not call.
    var createdFunction: CreateFunction?
    /// What is known of the types of parameters while a statement is prepared; nil while one runs.
    var inferredTypes: [Int: LogicalType]?
    /// Takes the rows of a query while it runs; nil collects them.
    var receiver: ChunkReceiver?
    /// The time of now(), the same for the whole statement.
    private let statementTime = wallClockMicroseconds()
    /// Takes what reading files leaves out or fills.
    let fileReport = FileReport()
    /// The files that the statement has opened: what it names twice is the same snapshot.
    var openedFiles: [FileReference: any Table] = [:]
    /// The database as the statement sees it, once it has looked.
    var readContents: CatalogContents?
    var binderAllocator = ColumnAllocator()
    /// The rows of tables that queries of the runner have read.
    var readRowCount = 0
    /// True while a statement writes rows anew without changing any.
    var isFilling = false
    /// Materialized views that a commit may have made possible again.
    var recoverableViews: [(name: CatalogName, isNew: Bool)] = []
    /// Tells whether queries may read materialized views instead of what they name.
    var rewritesQueries = true
    /// Tells whether they may read views as these were at their last refresh, where the owner lets them;
    /// what a statement writes is of today's rows.
    var mayReadOldRows = true
    /// Notes what names are looked up; nil where nobody asks.
    var trace: NameTrace?
    /// The session's settings, with what the statement's hints change.
    var settings: Settings
    /// The user variables that the statement's hints set.
    var statementVariables: [String: (value: Value, type: LogicalType)] = [:]

    init(_ session: Session, cancellation: Cancellation) {
        self.session = session
        self.cancellation = cancellation
        settings = session.settings
    }

    /// What functions read of the session.
    var sessionValues: SessionValues {
        SessionValues(
            statementTime: statementTime, timeZone: settings.value("time_zone") ?? "UTC",
            settings: ["sql_mode": settings.value("sql_mode") ?? ""], budget: makeBudget(),
            cancellation: cancellation)
    }

    var catalog: Catalog { session.database.catalog }

    func run(_ statement: Statement) throws(StarlingError) -> Result {
        mayReadOldRows =
            !statement.kind.writesRows || settings.flag("enable_materialized_view_for_insert")
        do throws(StarlingError) { return try runKind(of: statement) } catch {
            let error = error.located(among: statement.properties)
            // What fits no single word is said of the statement.
            guard error.kind == .binding || error.kind == .unsupported else { throw error }
            throw error.located(at: statement.range)
        }
    }

    func runKind(of statement: Statement) throws(StarlingError) -> Result {
        if let request = try writeRequest(of: statement) { return try write(request) }
        switch statement.kind {
        case .query(let query, _): return try answer(query)
        case .explain(let mode, let inner): return try explain(mode, inner)
        case .createView(let view): return try createView(view)
        case .alterView(let name, let columns, let query):
            return try alterView(name, columns, query)
        case .createMaterializedView(let view): return try createMaterializedView(view)
        case .refreshMaterializedView(let refresh): return try refreshMaterializedView(refresh)
        case .cancelRefresh(let name, _): return try cancelRefresh(name)
        case .alterMaterializedView(let name, let action):
            return try alterMaterializedView(name, action)
        case .createTable(let table): return try createTable(table)
        case .alterTable(let alter): return try alterTable(alter)
        case .createIndex(let index, let table, let ifNotExists):
            return try createIndex(index, on: table, ifNotExists: ifNotExists)
        case .createTextAnalyzer(let name, let properties):
            return try createTextAnalyzer(name, properties)
        case .restoreTable, .recoverPartition, .recover: return try bringBack(statement.kind)
        case .insert(let insert): return try runInsert(insert)
        case .createDatabase(let database): return try createDatabase(database)
        case .drop(let drop): return try runDrop(drop)
        case .delete(let delete): return try runDelete(delete)
        case .update(let update): return try runUpdate(update)
        case .merge(let merge): return try runMerge(merge)
        case .begin(let isReadOnly): return try begin(isReadOnly: isReadOnly ?? false)
        case .commit: return try commitTransaction()
        case .rollback: return try rollback()
        case .truncate(let name, let partitions): return try truncate(name, partitions)
        case .use(let name): return try use(name)
        case .setCatalog(let name): return try setCatalog(name)
        case .set(let assignments):
            for assignment in assignments { try set(assignment) }
            return .none
        case .unset(let names):
            for name in names {
                try change(&session.settings, name.text, to: nil, at: name.range)
            }
            return .none
        case .show(let show): return try runShow(show)
        case .describe(let describe): return try runDescribe(describe)
        case .analyze(let statement): return try analyze(statement)
        case .dropStatistics(let name): return try dropStatistics(name)
        case .check(let tables): return try check(tables)
        case .repair(let tables): return try repair(tables)
        case .summarize(let query): return try summarize(query)
        case .optimize(let optimize): return try runOptimize(optimize)
        case .recommend(.clustering, let table): return try recommendClustering(table)
        case .recommend(.indexes, let table): return try recommendIndexes(table)
        case .recommendViews(let queries, let applies):
            return try recommendViews(for: queries, applies: applies)
        case .createFunction(let function): return try createFunction(function)
        case .prepare(let name, let inner): return try prepare(name, inner)
        case .execute(let name, let values): return try execute(name, values)
        case .deallocate(let name): return try deallocate(name)
        case .submitTask(let task): return try submitTask(task)
        case .dropTask(let name, let ifExists, force: _):
            return try dropTask(name, ifExists: ifExists)
        // Where COPY writes, it is a write request.
        case .copy(let copy): return try runInsert(insert(of: copy))
        case .other(_, let text) where statement.kind.configuresCluster:
            return warnOfConfiguration(text)
        case .renameDatabase(let name, let new): return try renameDatabase(name, to: new)
        case .cleanLabels(let label, let database): return try cleanLabels(label, in: database)
        case .createCatalog, .createPipe, .alterPipe, .help,
            .createAnalyze, .kill, .call, .other:
            throw notExecuted(statement.kind.title, statement)
        }
    }

    /// Runs a statement that brings back what was.
    private func bringBack(_ kind: Statement.Kind) throws(StarlingError) -> Result {
        switch kind {
        case .restoreTable(let name, let time): return try restoreTable(name, time)
        case .recoverPartition(let name, of: let table): return try recover(name, of: table)
        case .recover(let kind, let name): return try recover(kind, name)
        default: return .none
        }
    }

    private func use(_ name: QualifiedName) throws(StarlingError) -> Result {
        let database = try catalog.resolveDatabase(name)
        guard catalog.hasDatabase(database) else {
            throw catalog.unknownDatabase(database).located(at: name.range)
        }
        session.currentDatabase = database
        return .none
    }

    func notExecuted(_ what: String, _ statement: Statement) -> StarlingError {
        StarlingError(
            .unsupported,
            "\(what) is parsed but not executed by this version"
                + (statement.kind.substitute.map { "; \($0)" } ?? ""), at: statement.range)
    }

    var binder: QueryBinder { QueryBinder(environment: self, allocator: binderAllocator) }

    /// Resolves a name as it stands in a statement.
    func catalogName(_ name: QualifiedName) throws(StarlingError) -> CatalogName {
        try catalog.resolve(name, in: session.currentDatabase)
    }

    /// Evaluates an expression that needs no table.
    func evaluate(
        _ expression: Expression
    ) throws(StarlingError) -> (value: Value, type: LogicalType) {
        let result = try runQuery(Query(selecting: expression))
        return (result.value(0, 0), result.columns[0].type)
    }

    /// Evaluates an expression whose value is for other statements: NULL, [] and map{} have no type
    /// of their own until they meet one there.
    func evaluate(
        source expression: Expression
    ) throws(StarlingError) -> (value: Value, type: LogicalType) {
        let source = try bind(source: Query(selecting: expression))
        let result = try execute(binder.settled(source))
        return (result.value(0, 0), source.columns[0].type)
    }
}

extension Result {
    /// The result of a statement that gives no rows.
    static let none = Result(columns: [], chunks: [])

    /// Makes a result of values; for statements about the database itself.
    init(_ columns: [(name: String, type: LogicalType)], rows: [[Value]]) {
        let vectors = columns.indices.map { position in
            Vector(
                columns[position].type.widestPhysicalType, values: rows.map { $0[position] })
        }
        self.init(
            columns: columns.map { ResultColumn(name: $0.name, type: $0.type) },
            chunks: rows.isEmpty ? [] : [Chunk(columns: vectors, count: rows.count)])
    }
}
