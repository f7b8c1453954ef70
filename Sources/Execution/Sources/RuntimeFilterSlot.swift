// Where an operator leaves, for a scan below it, what it knows. The slot is made with the plan; a
// join's filter is there when its build side is complete, which is before the scan begins.

import Synchronization

/// Carries a runtime filter from an operator to a scan.
package final class RuntimeFilterSlot: Sendable {
    private let published = Mutex<(any RuntimeFilter)?>(nil)

    package init() {}

    /// The filter, or nil as long as there is none, or none that is of use.
    package var filter: (any RuntimeFilter)? { published.withLock { $0 } }

    package func publish(_ filter: any RuntimeFilter) { published.withLock { $0 = filter } }
}
