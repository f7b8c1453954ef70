// The threads that queries run on. A pool is made once per database and keeps its threads; a
// query's pipeline is run by as many as it wants at once, the calling thread included, each taking
// morsels until none is left (Leis et al., "Morsel-Driven Parallelism", SIGMOD 2014).

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import Synchronization

/// Runs tasks on several threads each. Those of one query never wait for those of another: where the
/// threads are at work, others are started, and the system shares the processors out.
package final class WorkerPool: Sendable {
    private typealias Task = @Sendable (Int) -> Void

    /// Is what a thread is to do: a task, as which of its workers, and where that counts as done.
    private struct Work {
        var task: Task
        var worker: Int
        var running: ConditionLocked<Int>
    }

    /// Where a thread finds its work. Each has a place of its own, so that a task for two wakes
    /// nobody else.
    private struct Post {
        var work: Work?
        var isStopping = false
    }

    /// The threads that have nothing to do, and how many there are in all.
    private struct Threads {
        var idle: [ConditionLocked<Post>] = []
        var count = 0
    }

    package let workerCount: Int
    private let threads = ConditionLocked(Threads())
    /// So many tasks of all workers may run at once; more wait.
    private static let concurrentTaskCountMaximum = 32

    /// Starts `workerCount - 1` threads, or as many of them as the system grants; the caller of
    /// `run` is the last worker.
    package init(workerCount: Int) {
        let threads = threads
        var started = 0
        while started < workerCount - 1, Self.startThread(in: threads) { started += 1 }
        self.workerCount = started + 1
    }

    deinit {
        let idle = threads.withLock { $0.idle }
        for post in idle {
            post.withLock { $0.isStopping = true }
            post.broadcast()
        }
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
        let task: Task = { worker in
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
            runOnAll(task, count: count)
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func runOnAll(_ task: @escaping Task, count: Int) {
        let running = ConditionLocked(count - 1)
        for (place, post) in takeThreads(count - 1).enumerated() {
            let work = Work(task: task, worker: place + 1, running: running)
            post.withLock { $0.work = work }
            post.broadcast()
        }
        task(0)
        running.wait(until: { $0 == 0 }) { _ in }
    }

    /// Takes threads that have nothing to do, all at once; starts others where there are too few, and
    /// waits where no more are granted.
    private func takeThreads(_ count: Int) -> [ConditionLocked<Post>] {
        let limit = (workerCount - 1) * Self.concurrentTaskCountMaximum
        while threads.withLock({ $0.idle.count < count && $0.count < limit }),
            Self.startThread(in: threads)
        {}
        return threads.wait(until: { $0.idle.count >= count }) { threads in
            defer { threads.idle.removeLast(count) }
            return Array(threads.idle.suffix(count))
        }
    }

    private static func startThread(in threads: ConditionLocked<Threads>) -> Bool {
        let post = ConditionLocked(Post())
        guard StarlingThreads.startThread({ serve(post, threads) }) else { return false }
        threads.withLock { threads in
            threads.idle.append(post)
            threads.count += 1
        }
        threads.broadcast()
        return true
    }

    private static func serve(
        _ post: ConditionLocked<Post>, _ threads: ConditionLocked<Threads>
    ) {
        while let running = runNextTask(post) {
            threads.withLock { $0.idle.append(post) }
            threads.broadcast()
            running.withLock { $0 -= 1 }
            running.broadcast()
        }
    }

    /// Runs a task and lets go of it, before whoever waits for its end is told; returns where that
    /// waits, nil where the pool goes away.
    @inline(never)
    private static func runNextTask(_ post: ConditionLocked<Post>) -> ConditionLocked<Int>? {
        let work = post.wait(until: { $0.work != nil || $0.isStopping }) { post in
            defer { post.work = nil }
            return post.work
        }
        guard let work else { return nil }
        work.task(work.worker)
        return work.running
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
