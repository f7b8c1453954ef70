// A share of a memory budget, held by the structure whose memory it stands for.

import StarlingErrors

/// Holds bytes of a budget and gives them back when it goes away.
///
/// `@unchecked Sendable`: it belongs to one worker at a time, which changes it without a lock.
package final class Reservation: @unchecked Sendable {
    package let budget: MemoryBudget
    package let purpose: String
    package private(set) var byteCount = 0

    package init(_ budget: MemoryBudget, purpose: String) {
        self.budget = budget
        self.purpose = purpose
    }

    deinit { budget.release(byteCount) }

    /// Changes the reservation to `newByteCount`, or throws and leaves it as it was.
    package func resize(to newByteCount: Int) throws(StarlingError) {
        if newByteCount > byteCount {
            try budget.reserve(newByteCount - byteCount, for: purpose)
        } else {
            budget.release(byteCount - newByteCount)
        }
        byteCount = newByteCount
    }

    /// Changes the reservation if the budget allows it, and tells whether it did.
    package func tryResize(to newByteCount: Int) -> Bool {
        if newByteCount > byteCount {
            guard budget.tryReserve(newByteCount - byteCount) else { return false }
        } else {
            budget.release(byteCount - newByteCount)
        }
        byteCount = newByteCount
        return true
    }
}
