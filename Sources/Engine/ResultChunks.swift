// Rows as a sequence that a task goes through while the query runs.

import StarlingErrors
import StarlingThreads

/// Gives the chunks of a query while it runs, which begins when the first is asked for.
///
/// A chunk that comes sooner than it is asked for waits in memory; `forEachChunk` lets the query wait
/// instead. Who stops asking, or whose task is cancelled, stops the query.
public struct ResultChunks: AsyncSequence, Sendable {
    public typealias Element = ResultChunk
    public typealias Failure = DatabaseError

    fileprivate let session: Session
    fileprivate let sql: String
    fileprivate let parameters: [SQLValue]

    public func makeAsyncIterator() -> Iterator {
        Iterator(
            outcomes: session.outcomes(of: sql, parameters: parameters).makeAsyncIterator(),
            sql: sql)
    }

    /// Goes through the chunks of one run of the query.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var outcomes: AsyncStream<ChunkOutcome>.Iterator
        fileprivate let sql: String
        private var isEnded = false

        fileprivate init(outcomes: AsyncStream<ChunkOutcome>.Iterator, sql: String) {
            self.outcomes = outcomes
            self.sql = sql
        }

        public mutating func next() async throws(DatabaseError) -> ResultChunk? {
            try await next(isolation: nil)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DatabaseError) -> ResultChunk? {
            guard !isEnded else { return nil }
            let outcome = await outcomes.next(isolation: actor)
            if case .chunk(let chunk) = outcome, !Task.isCancelled { return chunk }
            isEnded = true
            switch outcome {
            case .end: return nil
            case .failure(let error): throw error
            case .chunk, nil:
                // Only a cancelled task ends the stream before the query has: what came is not all.
                throw DatabaseError(
                    StarlingError(.cancelled, "the query was cancelled"), in: sql)
            }
        }
    }
}

/// Is what the thread of a query tells the task that goes through its rows.
private enum ChunkOutcome: Sendable {
    case chunk(ResultChunk)
    case end
    case failure(DatabaseError)
}

extension Session {
    /// Returns the rows of a statement as a sequence of chunks: `for try await chunk in …`.
    ///
    /// - Parameter parameters: the values of `?` in the order of the text.
    public func chunks(of sql: String, parameters: [SQLValue] = []) -> ResultChunks {
        ResultChunks(session: self, sql: sql, parameters: parameters)
    }

    fileprivate func outcomes(
        of sql: String, parameters: [SQLValue]
    ) -> AsyncStream<ChunkOutcome> {
        AsyncStream { stream in
            let cancellation = Cancellation()
            stream.onTermination = { _ in cancellation.request() }
            let isStarted = startThread { [self] in
                do throws(DatabaseError) {
                    try forEachChunk(sql, parameters: parameters, cancellation: cancellation) {
                        if case .terminated = stream.yield(.chunk($0)) { return false }
                        return true
                    }
                    stream.yield(.end)
                } catch {
                    stream.yield(.failure(error))
                }
                stream.finish()
            }
            if !isStarted {
                let error = StarlingError(.resource, "the system refuses to start a thread")
                stream.yield(.failure(DatabaseError(error, in: sql)))
                stream.finish()
            }
        }
    }
}
