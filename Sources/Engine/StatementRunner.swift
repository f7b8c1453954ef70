// Runs one statement: the switch over everything that the dialect has.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFormats
import StarlingFunctions
import StarlingKernels
import StarlingPlans
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
    let parameters: [SQLValue]
    /// Takes the rows of a query while it runs; nil collects them.
    var receiver: ChunkReceiver?
    /// What functions read of the session, the same for the whole statement.
    let sessionValues: SessionValues
    /// Takes what reading files leaves out or fills.
    let fileReport = FileReport()
    let binderAllocator = ColumnAllocator()
    /// The session's settings, with what the statement's hints change.
    var settings: Settings

    init(_ session: Session, cancellation: Cancellation, parameters: [SQLValue]) {
        self.session = session
        self.cancellation = cancellation
        self.parameters = parameters
        settings = session.settings
        sessionValues = SessionValues(
            statementTime: wallClockMicroseconds(),
            timeZone: session.settings.value("time_zone") ?? "UTC")
    }

    var catalog: Catalog { session.database.catalog }

    func run(_ statement: Statement) throws(StarlingError) -> Result {
        switch statement.kind {
        case .query(let query, let outfile):
            if let outfile { return try runOutfile(query, outfile) }
            if let receiver { return try stream(query, to: receiver) }
            return try runQuery(query)
        case .explain(let mode, let inner): return try explain(mode, inner)
        case .createView(let view): return try createView(view)
        case .createTable(let table): return try createTable(table)
        case .insert(let insert): return try runInsert(insert)
        case .copy(let copy): return try runCopy(copy, statement)
        case .createDatabase(let database):
            try catalog.createDatabase(
                database.name.last.text, ifNotExists: database.ifNotExists)
            return .none
        case .drop(let drop): return try runDrop(drop)
        case .truncate(let name, nil): return try truncate(name)
        case .use(let name):
            let database = name.last.text
            guard catalog.hasDatabase(database) else {
                throw catalog.unknownDatabase(database).located(at: name.range)
            }
            session.currentDatabase = database
            return .none
        case .set(let assignments):
            for assignment in assignments { try set(assignment) }
            applyHashMode()
            return .none
        case .unset(let names):
            for name in names { try session.settings.set(name.text, to: nil) }
            applyHashMode()
            return .none
        case .show(let show): return try runShow(show)
        case .describe(let describe): return try runDescribe(describe)
        default: throw notExecuted(statement.kind.title, statement)
        }
    }

    func notExecuted(_ what: String, _ statement: Statement) -> StarlingError {
        StarlingError(
            .unsupported, "\(what) is parsed but not executed by this version",
            at: statement.range)
    }

    /// Resolves a name as it stands in a statement.
    func catalogName(_ name: QualifiedName) -> CatalogName {
        let parts = name.parts.map(\.text)
        return CatalogName(
            database: parts.count > 1 ? parts[parts.count - 2] : session.currentDatabase,
            name: parts[parts.count - 1])
    }

    // MARK: SET

    /// Switches hashing for the whole process: tables of hashes that live now keep what they have,
    /// so tests do it in a process of their own, before their first query.
    private func applyHashMode() {
        let isZero = session.settings.flag("hash_zero")
        if HashMode.isZero != isZero { HashMode.isZero = isZero }
    }

    private func set(_ assignment: Assignment) throws(StarlingError) {
        switch assignment.target {
        case .names, .transaction: return
        case .user(let name):
            let value = try evaluate(assignment.value)
            session.userVariables[name.text.lowercased()] = value
        case .variable(let name, _):
            if case .defaultValue = assignment.value.kind {
                try session.settings.set(name.text, to: nil)
                return
            }
            let text: String
            if case .column(let word) = assignment.value.kind, let simple = word.simpleText {
                text = simple
            } else {
                let (value, type) = try evaluate(assignment.value)
                text =
                    type == .boolean
                    ? (value == .boolean(true) ? "true" : "false") : value.text(as: type) ?? ""
            }
            do { try session.settings.set(name.text, to: text) } catch {
                throw error.located(at: assignment.value.range)
            }
            if session.settings.ignored[name.text.lowercased()] != nil {
                let near = nearestName(
                    to: name.text, among: Settings.known.map(\.name))
                session.warnings.append(
                    "the variable '\(name.text)' has no effect"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
        }
    }

    /// Evaluates an expression that needs no table.
    func evaluate(
        _ expression: Expression
    ) throws(StarlingError) -> (value: Value, type: LogicalType) {
        let result = try runQuery(Query(selecting: expression))
        return (result.value(0, 0), result.columns[0].type)
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

extension Statement.Kind {
    /// The statement's first words, for messages.
    var title: String {
        switch self {
        case .update: "UPDATE"
        case .delete: "DELETE"
        case .merge: "MERGE"
        case .truncate: "TRUNCATE of partitions"
        case .alterTable: "ALTER TABLE"
        case .alterView: "ALTER VIEW"
        case .createMaterializedView: "CREATE MATERIALIZED VIEW"
        case .alterMaterializedView: "ALTER MATERIALIZED VIEW"
        case .refreshMaterializedView: "REFRESH MATERIALIZED VIEW"
        case .cancelRefresh: "CANCEL REFRESH"
        case .createIndex: "CREATE INDEX"
        case .createCatalog: "CREATE EXTERNAL CATALOG"
        case .createFunction: "CREATE FUNCTION"
        case .createTextAnalyzer: "CREATE TEXT ANALYZER"
        case .createPipe: "CREATE PIPE"
        case .alterPipe: "ALTER PIPE"
        case .recover: "RECOVER"
        case .setCatalog: "SET CATALOG"
        case .help: "HELP"
        case .analyze: "ANALYZE"
        case .createAnalyze: "CREATE ANALYZE"
        case .dropStatistics: "DROP STATS"
        case .kill: "KILL"
        case .optimize: "OPTIMIZE TABLE"
        case .check: "CHECK TABLE"
        case .call: "CALL"
        case .prepare: "PREPARE"
        case .execute: "EXECUTE"
        case .deallocate: "DEALLOCATE"
        case .begin: "BEGIN"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .submitTask: "SUBMIT TASK"
        case .dropTask: "DROP TASK"
        case .other(let name, _): name
        default: "this statement"
        }
    }
}
