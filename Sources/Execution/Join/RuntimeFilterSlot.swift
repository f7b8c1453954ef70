// Where a join leaves, for a scan of its probe side, what its keys allow. The slot is made with the
// plan; the filter is there when the join's build side is complete, which is before the scan
// begins.

import Synchronization

/// Carries a runtime filter from a join to a scan.
package final class RuntimeFilterSlot: Sendable {
    private let published = Mutex<RuntimeFilter?>(nil)

    package init() {}

    /// The filter, or nil as long as there is none, or none that is of use.
    package var filter: RuntimeFilter? { published.withLock { $0 } }

    func publish(_ filter: RuntimeFilter) { published.withLock { $0 = filter } }
}
