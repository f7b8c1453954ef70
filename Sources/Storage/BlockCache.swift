// Blocks that were read stay in memory as long as there is room. When it is short, those go that
// were not used since they last might have had to (Corbató's clock).

import StarlingMemory
import Synchronization

/// Counts the blocks in memory that can be read again, and lets go of some.
package final class BlockCache: Sendable {
    private let budget: MemoryBudget
    private let byteLimit: Int
    private let byteCount = Atomic<Int>(0)
    private let queue = Mutex(Queue())

    /// Makes a cache that takes up to a part of a budget.
    package init(_ budget: MemoryBudget) {
        self.budget = budget
        byteLimit = budget.byteLimit / 3
    }

    deinit { budget.release(byteCount.load(ordering: .relaxed)) }

    /// The bytes that blocks take.
    package var heldByteCount: Int { byteCount.load(ordering: .relaxed) }

    /// Counts what something holds, after making room; false where there is none.
    func hold(_ column: any CachedBytes, _ more: Int) -> Bool {
        queue.withLock { queue in
            while !reserve(more) {
                guard let freed = queue.releaseFirst() else { return false }
                forget(freed)
            }
            queue.append(column)
            return true
        }
    }

    private func reserve(_ more: Int) -> Bool {
        guard heldByteCount + more <= byteLimit, budget.tryReserve(more) else { return false }
        byteCount.wrappingAdd(more, ordering: .relaxed)
        return true
    }

    /// Stops counting bytes. Takes no lock, since the last reference to a column may go anywhere.
    func forget(_ bytes: Int) {
        guard bytes > 0 else { return }
        byteCount.wrappingSubtract(bytes, ordering: .relaxed)
        budget.release(bytes)
    }
}

/// Holds bytes that can be read, or made, again.
protocol CachedBytes: AnyObject, Sendable {
    /// Lets them go and returns their count; nil where they were used since this was last asked, if
    /// they need not go `always`.
    func release(always: Bool) -> Int?
}

/// Lists columns with blocks in the order in which they are asked to let go.
private struct Queue {
    private var columns: [WeakColumn] = []
    private var first = 0

    private struct WeakColumn {
        weak var column: (any CachedBytes)?
    }

    mutating func append(_ column: any CachedBytes) {
        // Those of tables that are gone go before the list grows.
        if columns.count == columns.capacity {
            columns.removeFirst(first)
            first = 0
            columns.removeAll { $0.column == nil }
            columns.reserveCapacity(columns.count * 2 + 64)
        }
        columns.append(WeakColumn(column: column))
    }

    /// Lets the next block go that was not used of late; nil where there is none.
    mutating func releaseFirst() -> Int? {
        while first < columns.count {
            let column = columns[first].column
            columns[first].column = nil
            first += 1
            guard let column else { continue }
            if let freed = column.release(always: false) { return freed }
            append(column)
        }
        return nil
    }
}
