// Who works on which spilled partition: as many partitions at a time as memory has room for. A
// worker whose next partition would not fit beside those at work is sent away, and the workers that
// are at it take the rest, so that the number of processors does not decide whether a query fits.
// A partition that turns out larger than expected may be given back while others are at work.

import StarlingMemory
import Synchronization

/// Gives the partitions of spilled rows to workers.
package final class SpilledTurns: Sendable {
    private struct State {
        /// The partitions that nobody has, the next one last.
        var waiting: [Int]
        /// What the partitions at work are expected to take.
        var promised = 0
        var workingCount = 0
        /// What was free before the first one.
        var room: Int?

        mutating func end(_ byteCount: Int) {
            promised -= byteCount
            workingCount -= 1
        }
    }

    private let expectedByteCounts: [Int]
    private let budget: MemoryBudget
    private let state: Mutex<State>

    /// Makes the turns of as many partitions as there are expectations of what each takes.
    package init(expecting expectedByteCounts: [Int], within budget: MemoryBudget) {
        self.expectedByteCounts = expectedByteCounts
        self.budget = budget
        state = Mutex(State(waiting: expectedByteCounts.indices.reversed()))
    }

    /// Gives the next partition; nil where there is none, or none for another worker.
    package func take() -> SpilledTurn? {
        state.withLock { state in
            guard let partition = state.waiting.last else { return nil }
            let expected = expectedByteCounts[partition]
            let room = state.room ?? budget.freeByteCount
            state.room = room
            if state.workingCount > 0 {
                let isRoom = state.promised + expected <= room && budget.hasRoom(for: expected)
                guard isRoom else { return nil }
            }
            state.promised += expected
            state.workingCount += 1
            state.waiting.removeLast()
            return SpilledTurn(partition: partition, byteCount: expected, self)
        }
    }

    fileprivate func end(_ byteCount: Int) {
        state.withLock { $0.end(byteCount) }
    }

    fileprivate func giveBack(_ partition: Int, _ byteCount: Int) -> Bool {
        state.withLock { state in
            guard state.workingCount > 1 else { return false }
            state.waiting.append(partition)
            state.end(byteCount)
            return true
        }
    }
}

/// A worker's turn at one partition; it ends with its life.
package struct SpilledTurn: ~Copyable {
    package let partition: Int
    private let byteCount: Int
    private let turns: SpilledTurns
    private var isOver = false

    fileprivate init(partition: Int, byteCount: Int, _ turns: SpilledTurns) {
        self.partition = partition
        self.byteCount = byteCount
        self.turns = turns
    }

    /// Leaves the partition, of which nothing is held any more, to those that are at work; returns
    /// false where nobody else is.
    package mutating func giveBack() -> Bool {
        isOver = turns.giveBack(partition, byteCount)
        return isOver
    }

    deinit { if !isOver { turns.end(byteCount) } }
}
