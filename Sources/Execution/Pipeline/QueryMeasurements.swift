// What is measured while a query runs: per node of the plan rows, time and what was pruned.

import StarlingMemory
import Synchronization

/// Collects the measurements of a query.
package final class QueryMeasurements: Sendable {
    private let nodes = Mutex<[Int: NodeMeasurements]>([:])
    private let budget: MemoryBudget
    private let plannedUnits = Atomic<Int>(0)
    private let finishedUnits = Atomic<Int>(0)

    init(_ budget: MemoryBudget) { self.budget = budget }

    /// The most bytes that were reserved at a time.
    package var peakByteCount: Int { budget.peakByteCount }

    /// Returns the counters of a plan's node, making them at first.
    package func node(_ number: Int) -> NodeMeasurements {
        nodes.withLock { nodes in
            if let node = nodes[number] { return node }
            let node = NodeMeasurements()
            nodes[number] = node
            return node
        }
    }

    /// Adds parts of tables that are to be read: what progress is measured in.
    func plan(units: Int) { plannedUnits.wrappingAdd(units, ordering: .relaxed) }

    func finishUnit() { finishedUnits.wrappingAdd(1, ordering: .relaxed) }

    /// The share of the planned reading that is done.
    package var progress: Double? {
        let planned = plannedUnits.load(ordering: .relaxed)
        guard planned > 0 else { return nil }
        return Double(finishedUnits.load(ordering: .relaxed)) / Double(planned)
    }

    /// Says in a few words what a node did.
    package func description(ofNode number: Int) -> String? {
        nodes.withLock { $0[number] }?.text
    }
}

/// Counts what one operator did, over all workers.
package final class NodeMeasurements: Sendable {
    package let rowCount = Atomic<Int>(0)
    package let byteCount = Atomic<Int>(0)
    package let partCount = Atomic<Int>(0)
    package let prunedPartCount = Atomic<Int>(0)
    package let filteredRowCount = Atomic<Int>(0)
    private let notes = Mutex<[String]>([])

    /// Keeps a remark, once.
    package func note(_ text: String) {
        notes.withLock { if !$0.contains(text) { $0.append(text) } }
    }

    fileprivate var text: String {
        var parts = ["rows \(rowCount.load(ordering: .relaxed))"]
        let bytes = byteCount.load(ordering: .relaxed)
        if bytes > 0 { parts.append("read \(bytes / 1_024) KiB") }
        let read = partCount.load(ordering: .relaxed)
        let pruned = prunedPartCount.load(ordering: .relaxed)
        if read + pruned > 0 { parts.append("parts \(read), pruned \(pruned)") }
        let filtered = filteredRowCount.load(ordering: .relaxed)
        if filtered > 0 { parts.append("runtime-filtered \(filtered)") }
        return (parts + notes.withLock { $0 }).joined(separator: ", ")
    }
}
