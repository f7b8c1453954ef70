import StarlingErrors
import StarlingThreads
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 2, 3, 8])
    func everyWorkerRunsOnce(workerCount: Int) throws {
        let pool = WorkerPool(workerCount: workerCount)
        #expect(pool.workerCount == workerCount)
        let runs = Mutex([Int](repeating: 0, count: workerCount))
        for _ in 0..<200 {
            try pool.run(cancellation: Cancellation()) { worker in
                runs.withLock { $0[worker] += 1 }
            }
        }
        #expect(runs.withLock { $0 } == [Int](repeating: 200, count: workerCount))
    }

    /// A task that takes its time, or waits for another one, holds nobody up.
    @Test func tasksRunBesideEachOther() throws {
        let pool = WorkerPool(workerCount: 2)
        let isDone = Atomic(false)
        let hasBegun = Atomic<Int>(0)
        let ended = ConditionLocked(0)
        for _ in 0..<5 {
            #expect(
                startThread {
                    try? pool.run(cancellation: Cancellation()) { _ in
                        hasBegun.wrappingAdd(1, ordering: .relaxed)
                        while !isDone.load(ordering: .relaxed) { pause(nanoseconds: 100_000) }
                    }
                    ended.withLock { $0 += 1 }
                    ended.broadcast()
                })
        }
        while hasBegun.load(ordering: .relaxed) < 10 { pause(nanoseconds: 100_000) }
        try pool.run(cancellation: Cancellation()) { worker in
            if worker == 1 { isDone.store(true, ordering: .relaxed) }
        }
        ended.wait(until: { $0 == 5 }) { _ in }
    }

    @Test func fewerWorkersCanBeAskedFor() throws {
        let pool = WorkerPool(workerCount: 4)
        for wanted in 1...9 {
            let workers = Mutex(Set<Int>())
            try pool.run(workers: wanted, cancellation: Cancellation()) { worker in
                workers.withLock { _ = $0.insert(worker) }
            }
            #expect(workers.withLock { $0 } == Set(0..<min(wanted, 4)))
        }
    }

    @Test func anErrorReachesTheCallerAndStopsTheOthers() {
        let pool = WorkerPool(workerCount: 4)
        let cancellation = Cancellation()
        let stopped = Atomic<Int>(0)
        let error = #expect(throws: StarlingError.self) {
            try pool.run(cancellation: cancellation) { (worker) throws(StarlingError) in
                if worker == 2 { throw StarlingError(.data, "worker 2 fails") }
                while !cancellation.isCancelled {}
                stopped.wrappingAdd(1, ordering: .relaxed)
            }
        }
        #expect(error?.message == "worker 2 fails")
        #expect(stopped.load(ordering: .relaxed) == 3)
    }

    /// What the others throw when they are stopped doesn't hide why.
    @Test func theFirstErrorWins() {
        let pool = WorkerPool(workerCount: 4)
        for _ in 0..<50 {
            let cancellation = Cancellation()
            let error = #expect(throws: StarlingError.self) {
                try pool.run(cancellation: cancellation) { (worker) throws(StarlingError) in
                    if worker == 3 { throw StarlingError(.data, "the cause") }
                    while !cancellation.isCancelled {}
                    try cancellation.check()
                }
            }
            #expect(error?.message == "the cause")
        }
    }

    @Test func aPoolGoesOnAfterAnError() throws {
        let pool = WorkerPool(workerCount: 3)
        #expect(throws: StarlingError.self) {
            try pool.run(cancellation: Cancellation()) { (_) throws(StarlingError) in
                throw StarlingError(.data, "all fail")
            }
        }
        let count = Atomic<Int>(0)
        try pool.run(cancellation: Cancellation()) { _ in
            count.wrappingAdd(1, ordering: .relaxed)
        }
        #expect(count.load(ordering: .relaxed) == 3)
    }

    @Test func callersFromSeveralThreadsTakeTurns() {
        let pool = WorkerPool(workerCount: 3)
        let state = ConditionLocked((running: 0, most: 0, total: 0, done: 0))
        for _ in 0..<4 {
            _ = startThread {
                for _ in 0..<50 {
                    try? pool.run(cancellation: Cancellation()) { worker in
                        state.withLock {
                            $0.running += 1
                            $0.most = max($0.most, $0.running)
                            $0.total += 1
                        }
                        state.withLock { $0.running -= 1 }
                    }
                }
                state.withLock { $0.done += 1 }
                state.broadcast()
            }
        }
        let (most, total) = state.wait(until: { $0.done == 4 }) { ($0.most, $0.total) }
        #expect(total == 4 * 50 * 3)
        #expect(most <= 3)
    }
}
