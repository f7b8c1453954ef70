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
        // The task may be cancelled before its statement has begun.
        let cancellation = Cancellation()
        let outcome: Swift.Result<Result, DatabaseError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarted = startThread { [self] in
                    continuation.resume(returning: attempt(sql, parameters, cancellation))
                }
                if !isStarted {
                    let error = StarlingError(.resource, "the system refuses to start a thread")
                    continuation.resume(returning: .failure(DatabaseError(error, in: sql)))
                }
            }
        } onCancel: {
            cancellation.request()
        }
        return try outcome.get()
    }

    private func attempt(
        _ sql: String, _ parameters: [SQLValue], _ cancellation: Cancellation
    ) -> Swift.Result<Result, DatabaseError> {
        do throws(DatabaseError) {
            return .success(
                try execute(sql, parameters: parameters, cancellation: cancellation))
        } catch {
            return .failure(error)
        }
    }
}
