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

    /// What could be taken now, if nobody else took any.
    package var freeByteCount: Int {
        min(max(0, byteLimit - usedByteCount), parent?.freeByteCount ?? .max)
    }

    /// Takes bytes if they fit, and tells whether they did.
    ///
    /// Nothing is ever counted that does not fit: others that ask meanwhile for little would be
    /// refused on its account.
    package func tryReserve(_ byteCount: Int) -> Bool {
        guard parent?.hasRoom(for: byteCount) ?? true, count(byteCount) else { return false }
        if let parent, !parent.tryReserve(byteCount) {
            used.wrappingSubtract(byteCount, ordering: .relaxed)
            return false
        }
        highest.max(usedByteCount, ordering: .relaxed)
        return true
    }

    /// Counts bytes where they are within the limit.
    private func count(_ byteCount: Int) -> Bool {
        var known = usedByteCount
        while byteCount <= byteLimit - known {
            let (isExchanged, original) = used.weakCompareExchange(
                expected: known, desired: known + byteCount, ordering: .relaxed)
            if isExchanged { return true }
            known = original
        }
        return false
    }

    /// Takes bytes or throws the error that names the limit.
    package func reserve(_ byteCount: Int, for purpose: String) throws(StarlingError) {
        if tryReserve(byteCount) { return }
        let refusing = refusing(byteCount)
        throw StarlingError(
            .resource,
            "\(purpose) needs \(byteCount) more bytes, but \(refusing.usedByteCount) of "
                + "\(refusing.byteLimit) bytes are in use; raise \(refusing.settingName)")
    }

    /// The budget whose limit is in the way, of this one and those above it.
    private func refusing(_ byteCount: Int) -> MemoryBudget {
        guard let parent, usedByteCount + byteCount <= byteLimit else { return self }
        return parent.refusing(byteCount)
    }

    package func release(_ byteCount: Int) {
        used.wrappingSubtract(byteCount, ordering: .relaxed)
        parent?.release(byteCount)
    }
}
