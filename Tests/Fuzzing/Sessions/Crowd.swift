// Threads that work on one database: each runs to its end, or all end with the first failure.

import StarlingThreads

final class Crowd: Sendable {
    private struct State {
        var running = 0
        var finished: [OwnRows] = []
        var failure: (any Error)?
        var isWatching = false

        mutating func fail(_ error: any Error) { failure = failure ?? error }
    }

    private let state = ConditionLocked(State())

    init() {}

    /// Tells members that another one has failed.
    var isEnding: Bool { state.withLock { $0.failure != nil } }

    /// Lets a member run on a thread of its own; `body` returns the rows that it leaves.
    func start(_ body: @escaping @Sendable () throws -> OwnRows) {
        state.withLock { $0.running += 1 }
        run(body) { state, outcome in
            state.running -= 1
            switch outcome {
            case .success(let rows): state.finished.append(rows)
            case .failure(let error): state.fail(error)
            }
        }
    }

    /// Repeats `body` on a thread of its own for as long as members run.
    func watch(_ body: @escaping @Sendable () throws -> Void) {
        state.withLock { $0.isWatching = true }
        let repeated: @Sendable () throws -> Void = { [state] in
            while state.withLock({ $0.running > 0 }) { try body() }
        }
        run(repeated) { state, outcome in
            state.isWatching = false
            if case .failure(let error) = outcome { state.fail(error) }
        }
    }

    /// Waits for all; returns the rows of each, or throws what failed first.
    func wait() throws -> [OwnRows] {
        let (finished, failure) = state.wait(until: { $0.running == 0 && !$0.isWatching }) {
            ($0.finished, $0.failure)
        }
        if let failure { throw failure }
        return finished
    }

    /// Runs `body` on a thread, and notes its outcome once nothing that it holds is held any more:
    /// a database is closed with its last session.
    private func run<Outcome: Sendable>(
        _ body: @escaping @Sendable () throws -> Outcome,
        noting note: @escaping @Sendable (inout State, Swift.Result<Outcome, any Error>) -> Void
    ) {
        let waiting = ConditionLocked<(@Sendable () throws -> Outcome)?>(body)
        let isStarted = startThread { [state] in
            let outcome = Swift.Result { try waiting.withLock { $0.take() }!() }
            state.withLock { note(&$0, outcome) }
            state.broadcast()
        }
        precondition(isStarted, "the system gives no thread")
    }
}
