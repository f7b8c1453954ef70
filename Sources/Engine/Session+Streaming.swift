// Rows while the query runs, for results that are too large to be kept.

import StarlingErrors
import StarlingSyntax
import StarlingThreads
import StarlingVectors

extension Session {
    /// Runs a statement and hands its rows over in chunks while it runs.
    ///
    /// The chunks come one at a time, in the order of the query if it has one, and on threads of the
    /// database. Memory is needed for one chunk and not for the result.
    ///
    /// - Parameters:
    ///   - parameters: the values of `?` in the order of the text.
    ///   - receive: returns false where no more rows are wanted.
    public func forEachChunk(
        _ sql: String, parameters: [SQLValue] = [],
        receive: @escaping @Sendable (ResultChunk) -> Bool
    ) throws(DatabaseError) {
        try forEachChunk(
            sql, parameters: parameters, cancellation: Cancellation(), receive: receive)
    }

    func forEachChunk(
        _ sql: String, parameters: [SQLValue], cancellation: Cancellation,
        receive: @escaping @Sendable (ResultChunk) -> Bool
    ) throws(DatabaseError) {
        do throws(StarlingError) {
            let statement = try parseStatement(sql, options: syntaxOptions)
            let rest = try run(
                statement, parameters: parameters,
                receiver: { columns, chunk in
                    receive(ResultChunk(columns: columns, chunk: chunk))
                }, cancellation: cancellation)
            // What isn't a query has its few rows at the end.
            for chunk in rest.chunks {
                guard receive(ResultChunk(columns: rest.columns, chunk: chunk)) else { return }
            }
        } catch {
            throw DatabaseError(error, in: sql)
        }
    }
}
