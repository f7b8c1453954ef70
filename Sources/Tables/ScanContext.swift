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
    /// How paths of documents were read.
    package let pathReads: PathReads
    package let progress: (any ScanProgress)?

    /// Whether parts that bear checksums are compared with them.
    package let verifiesChecksums: Bool

    /// True once a read took longer than memory does, so that reading ahead is worth its calls.
    package let readsAreSlow = Atomic<Bool>(false)

    private let sharedValues = Mutex<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    /// Returns what the readers of several parts of the scan have in common, by whose it is.
    package func shared<Value: AnyObject & Sendable>(
        by owner: AnyObject, _ make: () -> Value
    ) -> Value {
        sharedValues.withLock { shared in
            if let known = shared[ObjectIdentifier(owner)] as? Value { return known }
            let made = make()
            shared[ObjectIdentifier(owner)] = made
            return made
        }
    }

    /// Counts a read of a file.
    package func noteRead(_ byteCount: Int, took duration: Duration) {
        bytesRead.wrappingAdd(byteCount, ordering: .relaxed)
        // The system's cache gives well over a byte a nanosecond.
        if duration > .nanoseconds(byteCount) + .microseconds(200) {
            readsAreSlow.store(true, ordering: .relaxed)
        }
    }

    package init(
        budget: MemoryBudget, cancellation: Cancellation, verifiesChecksums: Bool = false,
        pathReads: PathReads = PathReads(), progress: (any ScanProgress)? = nil
    ) {
        self.progress = progress
        self.pathReads = pathReads
        self.verifiesChecksums = verifiesChecksums
        self.budget = budget
        self.cancellation = cancellation
    }
}
