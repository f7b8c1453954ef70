// Work that nobody waits for leaves the disk to others most of the time.

import StarlingErrors
import StarlingThreads
import Synchronization

/// Lets who writes wait, so that it is no more than so many bytes a second.
package final class WritingPace: Sendable {
    private let bytesPerSecond: Int
    private let cancellation: Cancellation
    private let start = monotonicNanoseconds()
    private let byteCount = Atomic<Int>(0)

    package init(bytesPerSecond: Int, _ cancellation: Cancellation) {
        self.bytesPerSecond = max(1, bytesPerSecond)
        self.cancellation = cancellation
    }

    /// Counts bytes that were written, and waits until it is time for more.
    func wait(for count: Int) throws(StarlingError) {
        let total = byteCount.wrappingAdd(count, ordering: .relaxed).newValue
        let due = start + UInt64(Double(total) / Double(bytesPerSecond) * 1e9)
        try cancellation.wait(until: due)
    }
}
