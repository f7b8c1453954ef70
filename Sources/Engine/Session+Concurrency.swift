// Statements for code that must not block: they run on a thread of their own.

import StarlingErrors
import StarlingThreads

extension Session {
    /// Runs one statement without blocking the caller's thread; cancelling the task cancels it.
    ///
    /// - Parameter parameters: the values of `?` in the order of the text.
    public func execute(
        _ sql: String, parameters: [SQLValue] = []
    ) async throws(DatabaseError) -> Result {
        let outcome: Swift.Result<Result, DatabaseError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                startThread { [self] in
                    continuation.resume(returning: attempt(sql, parameters: parameters))
                }
            }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }

    private func attempt(
        _ sql: String, parameters: [SQLValue]
    ) -> Swift.Result<Result, DatabaseError> {
        do throws(DatabaseError) {
            return .success(try execute(sql, parameters: parameters))
        } catch {
            return .failure(error)
        }
    }
}
