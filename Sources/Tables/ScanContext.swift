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

    /// Whether parts that bear checksums are compared with them.
    package let verifiesChecksums: Bool

    package init(
        budget: MemoryBudget, cancellation: Cancellation, verifiesChecksums: Bool = false
    ) {
        self.verifiesChecksums = verifiesChecksums
        self.budget = budget
        self.cancellation = cancellation
    }
}
