// Where an operator leaves, for a scan below it, what it knows. The slot is made with the plan; a
// join's filter is there when its build side is complete, which is before the scan begins.

import Synchronization

/// Carries a runtime filter from an operator to a scan.
package final class RuntimeFilterSlot: Sendable {
    /// What the filter knows of, for EXPLAIN ANALYZE.
    let title: String
    let rejectedRowCount = Atomic<Int>(0)
    private let readers = Atomic<Int>(0)
    private let published = Mutex<(any RuntimeFilter)?>(nil)

    package init(_ title: String) { self.title = title }

    /// The filter, or nil as long as there is none, or none that is of use.
    package var filter: (any RuntimeFilter)? { published.withLock { $0 } }

    /// True where a scan asks.
    var isWanted: Bool { readers.load(ordering: .relaxed) > 0 }

    package func addReader() { readers.add(1, ordering: .relaxed) }

    package func publish(_ filter: any RuntimeFilter) { published.withLock { $0 = filter } }
}
