// Statements of the library that are parsed once and run with different values.

import StarlingErrors
import StarlingSyntax
import StarlingThreads
import StarlingTypes

/// Holds a statement that is parsed and checked, and runs with values for its parameters.
///
/// It belongs to the session that made it and sees the tables of the moment in which it runs.
public struct PreparedStatement: Sendable {
    public let sql: String
    /// Counts the values that `?` and `$1` stand for.
    public var parameterCount: Int { parameterTypeNames.count }
    /// The types that stand around the parameters ask for, as SQL writes them; nil where any fits.
    public let parameterTypeNames: [String?]
    /// The columns of the result; none where the statement is no query, or where they depend on
    /// values.
    public let columns: [ResultColumn]
    private let session: Session
    private let statement: Statement

    init(
        _ statement: Statement, _ sql: String, _ types: [LogicalType?], _ columns: [ResultColumn],
        _ session: Session
    ) {
        self.statement = statement
        self.sql = sql
        self.session = session
        self.columns = columns
        parameterTypeNames = types.map { $0?.description }
    }

    /// Runs the statement and returns its rows.
    ///
    /// - Parameters:
    ///   - parameters: the values of `?` in the order of the text.
    ///   - named: the values of `:name`.
    public func execute(
        _ parameters: [SQLValue] = [], named: [String: SQLValue] = [:]
    ) throws(DatabaseError) -> Result {
        do throws(StarlingError) {
            return try session.run(statement, parameters: parameters, named: named)
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }

    /// Runs the statement and hands its rows over in chunks while it runs.
    ///
    /// - Parameter receive: returns false where no more rows are wanted.
    public func forEachChunk(
        _ parameters: [SQLValue] = [], named: [String: SQLValue] = [:],
        receive: @escaping @Sendable (ResultChunk) -> Bool
    ) throws(DatabaseError) {
        do throws(StarlingError) {
            let rest = try session.run(
                statement, parameters: parameters, named: named,
                receiver: { columns, chunk in
                    receive(ResultChunk(columns: columns, chunk: chunk))
                })
            for chunk in rest.chunks {
                guard receive(ResultChunk(columns: rest.columns, chunk: chunk)) else { return }
            }
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }
}

extension Session {
    /// Parses and checks a statement that is to run with different values.
    public func prepare(_ sql: String) throws(DatabaseError) -> PreparedStatement {
        do throws(StarlingError) {
            let statement = try parseStatement(sql, options: syntaxOptions)
            return try turn.withLock { _ throws(StarlingError) in
                let runner = StatementRunner(self, cancellation: Cancellation())
                let (types, columns) = try runner.inferred(statement)
                return PreparedStatement(
                    statement, sql, types,
                    columns.map { ResultColumn(name: $0.name, type: $0.type) }, self)
            }
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }
}
