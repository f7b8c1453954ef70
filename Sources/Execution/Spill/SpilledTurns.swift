// Who works on which spilled partition: as many partitions at a time as memory has room for. A
// worker whose next partition would not fit beside those at work is sent away, and the workers that
// are at it take the rest, so that the number of processors does not decide whether a query fits.

import StarlingMemory
import Synchronization

/// Gives the partitions of spilled rows to workers.
package final class SpilledTurns: Sendable {
    private struct State {
        var next = 0
        /// What the partitions at work are expected to take.
        var promised = 0
        var workingCount = 0
        /// What was free before the first one.
        var room: Int?
    }

    private let expectedByteCounts: [Int]
    private let budget: MemoryBudget
    private let state = Mutex(State())

    /// Makes the turns of as many partitions as there are expectations of what each takes.
    package init(expecting expectedByteCounts: [Int], within budget: MemoryBudget) {
        self.expectedByteCounts = expectedByteCounts
        self.budget = budget
    }

    /// Gives the next partition; nil where there is none, or none for another worker.
    package func take() -> SpilledTurn? {
        state.withLock { state in
            guard state.next < expectedByteCounts.count else { return nil }
            let expected = expectedByteCounts[state.next]
            let room = state.room ?? budget.freeByteCount
            state.room = room
            if state.workingCount > 0 {
                let isRoom = state.promised + expected <= room && budget.hasRoom(for: expected)
                guard isRoom else { return nil }
            }
            state.promised += expected
            state.workingCount += 1
            state.next += 1
            return SpilledTurn(partition: state.next - 1, byteCount: expected, self)
        }
    }

    fileprivate func end(_ byteCount: Int) {
        state.withLock { state in
            state.promised -= byteCount
            state.workingCount -= 1
        }
    }
}

/// A worker's turn at one partition; it ends with its life.
package struct SpilledTurn: ~Copyable {
    package let partition: Int
    private let byteCount: Int
    private let turns: SpilledTurns

    fileprivate init(partition: Int, byteCount: Int, _ turns: SpilledTurns) {
        self.partition = partition
        self.byteCount = byteCount
        self.turns = turns
    }

    deinit { turns.end(byteCount) }
}
