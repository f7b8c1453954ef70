// `HashMode` is one switch for the whole process, and suites run side by side.

import StarlingKernels
import StarlingThreads

/// Lets one test at a time run whose operators hash; a suite holds one as a property.
final class HashModeTurn: Sendable {
    private static let isTaken = ConditionLocked(false)

    init() { Self.isTaken.wait(until: { !$0 }) { $0 = true } }

    deinit {
        HashMode.isZero = false
        Self.isTaken.withLock { $0 = false }
        Self.isTaken.broadcast()
    }
}
