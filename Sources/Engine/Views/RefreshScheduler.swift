// The thread that refreshes materialized views when their time has come. It starts with the first view
// that has a schedule and does not keep the database open: the database's end stops the refresh that
// runs, and waits until the thread holds nothing of it any more.

import StarlingThreads

/// Waits for the moments of schedules.
final class RefreshScheduler: Sendable {
    private struct State {
        /// The database as the thread has it; nil where there is no thread, or is none any more.
        var worker: Database?
        /// Tells whether the thread holds the worker, too.
        var isHeld = false
        /// Stops the refresh that runs.
        var running: Cancellation?
        var hasNews = false
    }

    private let state = ConditionLocked(State())

    /// Looks again when the next view is due, once views have changed.
    func lookAnew(_ database: Database) {
        guard database.configuration.refreshesViews, !database.configuration.isReadOnly,
            database.nextRefreshTime != nil
        else { return }
        let isNew = state.withLock { state in
            state.hasNews = true
            guard state.worker == nil else { return false }
            state.worker = Database(workingFor: database, background: database.background)
            return true
        }
        guard isNew else { return state.broadcast() }
        let state = state
        if !startThread({ while Self.serve(state) {} }) { Self.letGo(state) }
    }

    /// Stops the refresh that runs, and returns when nothing holds the database any more.
    func stop() {
        Self.letGo(state)
        state.broadcast()
        state.wait(until: { !$0.isHeld }) { _ in }
    }

    private static func letGo(_ state: ConditionLocked<State>) {
        let worker = state.withLock { state in
            state.running?.request()
            defer { state.worker = nil }
            return state.worker
        }
        withExtendedLifetime(worker) {}
    }

    /// Refreshes what is due and waits for what is next; false where the database is closed.
    private static func serve(_ state: ConditionLocked<State>) -> Bool {
        let next = refresh(state)
        state.withLock { $0.isHeld = false }
        state.broadcast()
        guard let next else { return false }
        return state.wait(until: { $0.hasNews || $0.worker == nil }, orMicroseconds: next) {
            $0.hasNews = false
            return $0.worker != nil
        }
    }

    /// Refreshes what is due, lets go of the database, and gives the next moment.
    @inline(never)
    private static func refresh(_ state: ConditionLocked<State>) -> Int64? {
        let worker = state.withLock { state in
            state.isHeld = state.worker != nil
            return state.worker
        }
        guard let worker else { return nil }
        worker.refreshDueViews(at: wallClockMicroseconds()) {
            state.withLock { state in
                guard state.worker != nil else { return nil }
                state.running = Cancellation()
                return state.running
            }
        }
        state.withLock { $0.running = nil }
        let idle = wallClockMicroseconds() + 3_600_000_000
        return min(worker.nextRefreshTime ?? idle, idle)
    }
}
