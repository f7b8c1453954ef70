// A conversation with a database: settings, the current database, statements one after the other.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFormats
import StarlingFunctions
import StarlingSyntax
import StarlingThreads
import StarlingTypes
import Synchronization

/// Runs statements. A session runs one at a time; `cancel` may come from any thread.
///
/// `@unchecked Sendable`: the mutable state belongs to the thread that runs a statement; `running`
/// alone is shared, behind its lock.
public final class Session: @unchecked Sendable {
    package let database: Database
    /// Tells sessions of the process apart; connection_id() gives it.
    let number = Session.count.withLock { count in
        count += 1
        return count
    }
    private static let count = Mutex(0)
    /// Tells it apart from all sessions anywhere; session_id() gives it.
    let identifier = Identifiers.makeText()
    var settings = Settings()
    package var currentDatabase = Catalog.defaultDatabase
    var userVariables: [String: (value: Value, type: LogicalType)] = [:]
    /// The tables, views and functions that end with the session.
    let temporary: Catalog
    /// What PREPARE has named, by lower-case names.
    var preparedStatements: [String: Statement] = [:]
    /// What was changed since BEGIN; nil where every statement is a commit.
    var transaction: Transaction?
    /// True while statements of a log run again.
    var isRestoring = false
    /// What the last statement warned of.
    package var warnings: [String] = []
    /// What the statement before the running one warned of; SHOW WARNINGS tells it.
    var lastWarnings: [String] = []
    /// The records that the last statement which left out any left out.
    var rejectedRecords: [RejectedRecord] = []
    /// Lets statements of several threads run one after the other.
    let turn = Mutex<Void>(())
    private let running = Mutex<RunningQuery?>(nil)
    /// The part of a longer task that the running statement is, and those to come.
    private let span = Mutex<TaskSpan?>(nil)

    init(_ database: Database, temporary: Catalog = Catalog()) {
        self.database = database
        self.temporary = temporary
    }

    /// Runs one statement and returns its rows.
    ///
    /// - Parameter parameters: the values of `?` in the order of the text.
    public func execute(
        _ sql: String, parameters: [SQLValue] = []
    ) throws(DatabaseError) -> Result {
        try execute(sql, parameters: parameters, cancellation: Cancellation())
    }

    package func execute(
        _ sql: String, parameters: [SQLValue], cancellation: Cancellation
    ) throws(DatabaseError) -> Result {
        do throws(StarlingError) {
            let statement = try parseStatement(sql, options: syntaxOptions)
            return try run(statement, parameters: parameters, cancellation: cancellation)
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }

    /// Runs the statements of a text one by one and hands each result to `receive`; stops at the
    /// first error.
    public func executeScript(
        _ sql: String, receive: (Result) -> Void
    ) throws(DatabaseError) {
        do throws(StarlingError) {
            var splitter = StatementSplitter(sql)
            // A statement may change how the next one is read.
            while let piece = splitter.next(options: syntaxOptions) {
                let statement = try splitter.parse(piece, options: syntaxOptions)
                receive(try run(statement, parameters: []))
            }
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }

    /// Stops the running statement; it ends with a `cancelled` error.
    public func cancel() { running.withLock { $0?.cancellation.request() } }

    /// How much of the running query is done, from 0 to 1; nil where none runs or nothing is known.
    public var progress: Double? {
        let progress = running.withLock { $0?.progress?() }
        return span.withLock { span in
            guard span != nil else { return progress }
            return span?.progress(of: progress)
        }
    }

    /// Lets the progress of statements be a part of that of a longer task; nil ends the task.
    func makeWhole(_ part: Range<Double>?) { span.withLock { $0 = part.map { TaskSpan($0) } } }

    package var syntaxOptions: SyntaxOptions {
        SyntaxOptions(sqlMode: settings.value("sql_mode") ?? "")
    }

    /// Runs a parsed statement.
    func run(
        _ statement: Statement, parameters: [SQLValue], named: [String: SQLValue] = [:],
        receiver: ChunkReceiver? = nil, cancellation: Cancellation = Cancellation()
    ) throws(StarlingError) -> Result {
        guard parameters.count <= statement.parameterCount else {
            throw StarlingError(
                .binding,
                "\(parameters.count) parameters are given, but the statement has "
                    + "\(statement.parameterCount)")
        }
        return try turn.withLock { _ throws(StarlingError) in
            try runAlone(statement, receiver, cancellation) { () throws(StarlingError) in
                let runner = StatementRunner(self, cancellation: cancellation)
                for value in parameters { runner.parameters.append(try value.engineValue()) }
                for (name, value) in named {
                    runner.namedParameters[name.lowercased()] = try value.engineValue()
                }
                return runner
            }
        }
    }

    private func runAlone(
        _ statement: Statement, _ receiver: ChunkReceiver?, _ cancellation: Cancellation,
        _ makeRunner: () throws(StarlingError) -> StatementRunner
    ) throws(StarlingError) -> Result {
        let start = monotonicNanoseconds()
        lastWarnings = warnings
        warnings = []
        try cancellation.check()
        let timeout = settings.integer("query_timeout")
        if timeout > 0 { cancellation.setTimeLimit(seconds: Double(timeout)) }
        running.withLock { $0 = RunningQuery(cancellation: cancellation, progress: nil) }
        defer { running.withLock { $0 = nil } }
        let runner = try makeRunner()
        runner.receiver = receiver
        let result: Result
        do {
            defer { keep(runner.fileReport) }
            result = try runner.run(statement)
        }
        let seconds = Double(monotonicNanoseconds() - start) / 1e9
        let ended = result.ended(afterSeconds: seconds, warnings: warnings)
        // What asks for warnings leaves them to the next statement.
        if case .show(let show) = statement.kind, show.isDiagnostic { warnings = lastWarnings }
        return ended
    }

    private func keep(_ report: FileReport) {
        warnings += report.warnings
        let rejected = report.rejected
        if !rejected.isEmpty { rejectedRecords = rejected }
    }

    func setProgress(_ progress: @escaping @Sendable () -> Double?) {
        running.withLock { $0?.progress = progress }
    }
}

/// Is the part of a longer task that a statement is.
private struct TaskSpan: Sendable {
    private let part: Range<Double>
    /// The statement ends before the next part begins.
    private var shown: Double

    init(_ part: Range<Double>) {
        self.part = part
        shown = part.lowerBound
    }

    mutating func progress(of statement: Double?) -> Double {
        let length = part.upperBound - part.lowerBound
        shown = max(shown, part.lowerBound + length * (statement ?? 0))
        return shown
    }
}

/// Is what other threads may know of a running statement.
private struct RunningQuery: Sendable {
    let cancellation: Cancellation
    var progress: (@Sendable () -> Double?)?
}

extension Result {
    fileprivate func ended(afterSeconds seconds: Double, warnings: [String]) -> Result {
        Result(
            columns: columns, chunks: chunks, affectedRowCount: affectedRowCount,
            elapsedSeconds: seconds, warnings: warnings)
    }
}
