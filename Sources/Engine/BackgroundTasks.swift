// Work that nobody waits for: one task at a time, in the order in which they were asked for, on a thread
// that is there while something is to be done. It ends with the database, whose end waits for the task
// that runs to stop.

import StarlingThreads

/// Does tasks in the background, or when it is told to.
package final class BackgroundTasks: Sendable {
    /// Is something to be done.
    private struct Task {
        var name: String
        var work: @Sendable (Cancellation) -> Void
    }

    private struct State {
        var waiting: [Task] = []
        /// The task that runs, and what stops it.
        var running: (name: String, cancellation: Cancellation)?
        /// Tells whether somebody does what waits.
        var isServed = false
        var isStopped = false
    }

    private let state = ConditionLocked(State())
    /// False where tasks wait for somebody to call `runAll`.
    private let isAutomatic: Bool

    package init(isAutomatic: Bool) { self.isAutomatic = isAutomatic }

    /// Has a task done; one that waits under the same name stands for this one, too.
    package func request(_ name: String, _ work: @escaping @Sendable (Cancellation) -> Void) {
        let needsThread = state.withLock { state in
            guard !state.isStopped, !state.waiting.contains(where: { $0.name == name }) else {
                return false
            }
            state.waiting.append(Task(name: name, work: work))
            guard isAutomatic, !state.isServed else { return false }
            state.isServed = true
            return true
        }
        guard needsThread else { return }
        let state = state
        // Without a thread the task waits for the next one that is asked for.
        if !startThread({ Self.serve(state) }) { state.withLock { $0.isServed = false } }
    }

    /// Does all that waits, here or where it is being done, and returns when nothing is left.
    package func runAll() {
        state.wait(until: { !$0.isServed }) { $0.isServed = true }
        Self.serve(state)
    }

    /// Forgets a task, or lets it stop where it runs, and returns when it does nothing any more.
    package func withdraw(_ name: String) {
        let forgotten = state.withLock { state in
            if let running = state.running, running.name == name { running.cancellation.request() }
            let forgotten = state.waiting.filter { $0.name == name }
            state.waiting.removeAll { $0.name == name }
            return forgotten
        }
        state.wait(until: { $0.running?.name != name }) { _ in }
        withExtendedLifetime(forgotten) {}
    }

    /// Lets the task that runs stop, and forgets those that wait.
    package func stop() {
        let forgotten = state.withLock { state in
            state.isStopped = true
            state.running?.cancellation.request()
            defer { state.waiting = [] }
            return state.waiting
        }
        state.wait(until: { !$0.isServed }) { _ in }
        withExtendedLifetime(forgotten) {}
    }

    private static func serve(_ state: ConditionLocked<State>) {
        while runNext(state) {}
        state.broadcast()
    }

    /// Runs a task and lets go of it, before anybody is told that nothing is left.
    @inline(never)
    private static func runNext(_ state: ConditionLocked<State>) -> Bool {
        let cancellation = Cancellation()
        let task: Task? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isServed = false
                return nil
            }
            let task = state.waiting.removeFirst()
            state.running = (task.name, cancellation)
            return task
        }
        guard let task else { return false }
        task.work(cancellation)
        state.withLock { $0.running = nil }
        state.broadcast()
        return true
    }
}
