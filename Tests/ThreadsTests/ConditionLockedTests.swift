import StarlingThreads
import Testing

@Suite struct ConditionLockedTests {
    @Test func changesDoNotGetLost() {
        let counter = ConditionLocked((sum: 0, done: 0))
        for _ in 0..<4 {
            _ = startThread {
                for _ in 0..<10_000 { counter.withLock { $0.sum += 1 } }
                counter.withLock { $0.done += 1 }
                counter.broadcast()
            }
        }
        #expect(counter.wait(until: { $0.done == 4 }) { $0.sum } == 40_000)
    }

    /// Two threads hand a number to and fro, so that each has to wait for the other.
    @Test func waitersSeeWhatTheyWaitFor() {
        let turn = ConditionLocked(0)
        _ = startThread {
            for round in 0..<1_000 {
                turn.wait(until: { $0 == 2 * round }) { $0 += 1 }
                turn.broadcast()
            }
        }
        for round in 0..<1_000 {
            turn.wait(until: { $0 == 2 * round + 1 }) { $0 += 1 }
            turn.broadcast()
        }
        #expect(turn.withLock { $0 } == 2_000)
    }
}
