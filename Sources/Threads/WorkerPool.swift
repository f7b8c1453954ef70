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
    private typealias Task = @Sendable (Int) -> Void

    /// Where a thread finds its next task. Each has a place of its own, so that a task for two
    /// wakes nobody else.
    private struct Post {
        var task: Task?
        var isStopping = false
    }

    package let workerCount: Int
    private let posts: [ConditionLocked<Post>]
    /// How many threads have not ended the task.
    private let running: ConditionLocked<Int>
    private let oneAtATime = Mutex<Void>(())

    /// Starts `workerCount - 1` threads, or as many of them as the system grants; the caller of
    /// `run` is the last worker.
    package init(workerCount: Int) {
        let running = ConditionLocked(0)
        var posts: [ConditionLocked<Post>] = []
        while posts.count < workerCount - 1 {
            let (post, worker) = (ConditionLocked(Post()), posts.count + 1)
            guard startThread({ Self.serve(post, running, worker: worker) }) else { break }
            posts.append(post)
        }
        self.running = running
        self.posts = posts
        self.workerCount = posts.count + 1
    }

    deinit {
        for post in posts {
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
            oneAtATime.withLock { _ in runOnAll(task, count: count) }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func runOnAll(_ task: @escaping Task, count: Int) {
        running.withLock { $0 = count - 1 }
        for post in posts.prefix(count - 1) {
            post.withLock { $0.task = task }
            post.broadcast()
        }
        task(0)
        running.wait(until: { $0 == 0 }) { _ in }
    }

    private static func serve(
        _ post: ConditionLocked<Post>, _ running: ConditionLocked<Int>, worker: Int
    ) {
        while runNextTask(post, worker) {
            running.withLock { $0 -= 1 }
            running.broadcast()
        }
    }

    /// Runs a task and lets go of it, before whoever waits for its end is told; returns false where
    /// the pool goes away.
    @inline(never)
    private static func runNextTask(_ post: ConditionLocked<Post>, _ worker: Int) -> Bool {
        let next = post.wait(until: { $0.task != nil || $0.isStopping }) { post in
            defer { post.task = nil }
            return post.task
        }
        next?(worker)
        return next != nil
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
