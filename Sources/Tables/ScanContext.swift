import StarlingMemory
import StarlingThreads
import Synchronization

/// Gives a part's reader what it needs of the query, and takes what EXPLAIN ANALYZE reports.
package final class ScanContext: Sendable {
    package let budget: MemoryBudget
    package let cancellation: Cancellation
    package let bytesRead = Atomic<Int>(0)
    /// Rows that were passed over inside parts without decoding them, by pages or dictionaries.
    package let rowsSkipped = Atomic<Int>(0)

    package init(budget: MemoryBudget, cancellation: Cancellation) {
        self.budget = budget
        self.cancellation = cancellation
    }
}
