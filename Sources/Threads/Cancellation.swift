// How a running query is stopped: every loop over chunks asks its cancellation.

import StarlingErrors
import Synchronization

/// Carries the wish to stop from the user, a time limit or a failed worker to all workers.
package final class Cancellation: Sendable {
    private let isRequested = Atomic<Bool>(false)
    private let deadline = Atomic<UInt64>(.max)

    package init() {}

    package func request() { isRequested.store(true, ordering: .relaxed) }

    /// Lets the query end with an error `seconds` from now.
    package func setTimeLimit(seconds: Double) {
        deadline.store(monotonicNanoseconds() + UInt64(seconds * 1e9), ordering: .relaxed)
    }

    /// Waits until a moment of the monotonic clock; throws where the query is to stop before.
    package func wait(until nanoseconds: UInt64) throws(StarlingError) {
        while true {
            try check()
            let now = monotonicNanoseconds()
            guard now < nanoseconds else { return }
            pause(nanoseconds: min(nanoseconds - now, 20_000_000))
        }
    }

    @inline(__always)
    package var isCancelled: Bool { isRequested.load(ordering: .relaxed) }

    /// Throws where the query is to stop.
    package func check() throws(StarlingError) {
        if isCancelled { throw StarlingError(.cancelled, "the query was cancelled") }
        let deadline = deadline.load(ordering: .relaxed)
        if deadline != .max, monotonicNanoseconds() > deadline {
            throw StarlingError(
                .cancelled, "the query exceeded its time limit; raise query_timeout")
        }
    }
}
