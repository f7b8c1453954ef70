// The thread that refreshes materialized views when their time has come. It holds the database only
// while it refreshes, so that a database closes when nobody else has it; it starts with the first view
// that has a schedule.

import StarlingThreads

/// Waits for the moments of schedules.
final class RefreshScheduler: Sendable {
    private struct State {
        var hasThread = false
        var hasNews = false
        var isStopping = false
    }

    private let state = ConditionLocked(State())

    /// Looks again when the next view is due, once views have changed.
    func lookAnew(_ database: Database) {
        guard database.configuration.refreshesViews, !database.configuration.isReadOnly,
            database.nextRefreshTime != nil
        else { return }
        let isNew = state.withLock { state in
            state.hasNews = true
            defer { state.hasThread = true }
            return !state.hasThread
        }
        guard isNew else { return state.broadcast() }
        let (shared, reference) = (state, DatabaseReference(database))
        if !startThread({ Self.serve(shared, reference) }) {
            state.withLock { $0.hasThread = false }
        }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
    }

    private static func serve(_ shared: ConditionLocked<State>, _ reference: DatabaseReference) {
        while let next = refresh(reference) {
            let goesOn = shared.wait(
                until: { $0.hasNews || $0.isStopping }, orMicroseconds: next
            ) { state in
                state.hasNews = false
                return !state.isStopping
            }
            guard goesOn else { return }
        }
    }

    /// Refreshes what is due and gives the next moment; nil where the database is closed.
    @inline(never)
    private static func refresh(_ reference: DatabaseReference) -> Int64? {
        guard let database = reference.database else { return nil }
        database.refreshDueViews()
        let idle = wallClockMicroseconds() + 3_600_000_000
        return min(database.nextRefreshTime ?? idle, idle)
    }
}

/// Refers to a database without keeping it open.
private final class DatabaseReference: Sendable {
    weak let database: Database?

    init(_ database: Database) { self.database = database }
}
