// The budget that everything which holds memory reserves from, so that a query meets its limit as
// an error or a reason to spill and never as the end of the process.

import StarlingErrors
import Synchronization

/// Counts the bytes reserved by a query, or by the process, against a limit.
package final class MemoryBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let highest = Atomic<Int>(0)
    private let limit: Atomic<Int>
    private let parent: MemoryBudget?
    private let settingName: String

    /// Makes a budget of `byteLimit` bytes; `settingName` is the remedy that its error names.
    package init(byteLimit: Int, settingName: String, parent: MemoryBudget? = nil) {
        self.limit = Atomic(byteLimit)
        self.settingName = settingName
        self.parent = parent
    }

    package var byteLimit: Int { limit.load(ordering: .relaxed) }
    package var usedByteCount: Int { used.load(ordering: .relaxed) }
    package var peakByteCount: Int { highest.load(ordering: .relaxed) }

    /// Tells whether `byteCount` more would fit now.
    package func hasRoom(for byteCount: Int) -> Bool {
        guard usedByteCount + byteCount <= byteLimit else { return false }
        return parent?.hasRoom(for: byteCount) ?? true
    }

    /// Takes bytes if they fit, and tells whether they did.
    package func tryReserve(_ byteCount: Int) -> Bool {
        let total = used.wrappingAdd(byteCount, ordering: .relaxed).newValue
        if total > byteLimit {
            used.wrappingSubtract(byteCount, ordering: .relaxed)
            return false
        }
        if let parent, !parent.tryReserve(byteCount) {
            used.wrappingSubtract(byteCount, ordering: .relaxed)
            return false
        }
        highest.max(total, ordering: .relaxed)
        return true
    }

    /// Takes bytes or throws the error that names the limit.
    package func reserve(_ byteCount: Int, for purpose: String) throws(StarlingError) {
        if tryReserve(byteCount) { return }
        throw StarlingError(
            .resource,
            "\(purpose) needs \(byteCount) more bytes, but \(usedByteCount) of \(byteLimit) bytes "
                + "are in use; raise \(settingName)")
    }

    package func release(_ byteCount: Int) {
        used.wrappingSubtract(byteCount, ordering: .relaxed)
        parent?.release(byteCount)
    }
}
