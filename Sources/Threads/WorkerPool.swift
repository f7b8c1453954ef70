// The threads that queries run on. A pool is made once per database and keeps its threads; a
// query's pipeline is run by all of them at once, the calling thread included, each taking morsels
// until none is left (Leis et al., "Morsel-Driven Parallelism", SIGMOD 2014).

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import Synchronization

/// Runs one task on several threads at a time.
package final class WorkerPool: Sendable {
    /// What all workers of the pool share, guarded by `mutex`.
    private struct State {
        var generation = 0
        var task: (@Sendable (Int) -> Void)?
        var workersWanted = 0
        var workersRunning = 0
        var isStopping = false
    }

    package let workerCount: Int
    private let state = ConditionLocked(State())
    private let oneAtATime = Mutex<Void>(())

    /// Starts `workerCount - 1` threads, or as many of them as the system grants; the caller of
    /// `run` is the last worker.
    package init(workerCount: Int) {
        var started = 1
        while started < workerCount {
            let (shared, worker) = (state, started)
            guard startThread({ Self.serve(shared, worker: worker) }) else { break }
            started += 1
        }
        self.workerCount = started
    }

    deinit {
        state.withLock { $0.isStopping = true }
        state.broadcast()
    }

    /// Runs `body` once on every worker and returns when all are done; throws the first error.
    ///
    /// A worker that throws requests `cancellation`, so that the others stop at their next chunk.
    package func run(
        workers: Int? = nil, cancellation: Cancellation,
        _ body: @escaping @Sendable (_ worker: Int) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let failure = Mutex<StarlingError?>(nil)
        let count = min(workers ?? workerCount, workerCount)
        let task: @Sendable (Int) -> Void = { worker in
            do throws(StarlingError) {
                try body(worker)
            } catch {
                failure.withLock { if $0 == nil { $0 = error } }
                cancellation.request()
            }
        }
        if count == 1 {
            task(0)
        } else {
            oneAtATime.withLock { _ in runOnAll(task, count: count) }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func runOnAll(_ task: @escaping @Sendable (Int) -> Void, count: Int) {
        state.withLock { state in
            state.generation += 1
            state.task = task
            state.workersWanted = count
            state.workersRunning = workerCount - 1
        }
        state.broadcast()
        task(0)
        state.wait(until: { $0.workersRunning == 0 }) { $0.task = nil }
    }

    private static func serve(_ shared: ConditionLocked<State>, worker: Int) {
        var seen = 0
        while runNextTask(shared, worker, &seen) {
            shared.withLock { $0.workersRunning -= 1 }
            shared.broadcast()
        }
    }

    /// Runs a task and lets go of it, before whoever waits for its end is told; returns false where
    /// the pool goes away.
    @inline(never)
    private static func runNextTask(
        _ shared: ConditionLocked<State>, _ worker: Int, _ seen: inout Int
    ) -> Bool {
        var known = seen
        let next: (task: (@Sendable (Int) -> Void)?, isWanted: Bool)? = shared.wait(
            until: { $0.isStopping || $0.generation != known }
        ) { state in
            if state.isStopping { return nil }
            known = state.generation
            return (state.task, worker < state.workersWanted)
        }
        guard let next else { return false }
        seen = known
        if next.isWanted { next.task?(worker) }
        return true
    }
}

/// Starts a detached thread with a stack that deep plans fit on; returns false where the system
/// refuses, as it does when a user or a container has as many as it may have.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let box = Unmanaged.passRetained(ThreadBody(run: body))
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { argument in
            Unmanaged<ThreadBody>.fromOpaque(argument!).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 { box.release() }
    return status == 0
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
}
