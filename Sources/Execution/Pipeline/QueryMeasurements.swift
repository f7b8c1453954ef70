// What is measured while a query runs: per node of the plan rows, time and what was pruned.

import StarlingMemory
import StarlingTables
import StarlingThreads
import Synchronization

/// Collects the measurements of a query.
package final class QueryMeasurements: Sendable {
    private let nodes = Mutex<[Int: NodeMeasurements]>([:])
    private let budget: MemoryBudget
    package let progress = QueryProgress()

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

    /// The rows of tables that no statistics ruled out, over all scans.
    package var scannedRowCount: Int {
        nodes.withLock { nodes in
            nodes.values.reduce(0) { $0 + $1.scannedRowCount.load(ordering: .relaxed) }
        }
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
    /// Rows that no statistics ruled out, so that conditions were evaluated on them.
    package let scannedRowCount = Atomic<Int>(0)
    package let pruning = PruningCounts()
    package let pathReads = PathReads()
    package let spilledByteCount = Atomic<Int>(0)
    /// Of all workers together.
    private let nanoseconds = Atomic<Int64>(0)
    private let budget = Mutex<MemoryBudget?>(nil)
    private let notes = Mutex<[String]>([])
    private let filters = Mutex<[RuntimeFilterSlot]>([])

    /// Keeps a remark, once.
    package func note(_ text: String) {
        notes.withLock { if !$0.contains(text) { $0.append(text) } }
    }

    /// Notes a filter that other operators give.
    func add(_ filter: RuntimeFilterSlot) { filters.withLock { $0.append(filter) } }

    /// Says how many rows filters of other operators took away, and which.
    private var filtered: String? {
        let counts = filters.withLock { filters in
            filters.map { ($0.title, $0.rejectedRowCount.load(ordering: .relaxed)) }
        }.filter { $0.1 > 0 }
        guard !counts.isEmpty else { return nil }
        let list = counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return "runtime-filtered \(counts.reduce(0) { $0 + $1.1 }) (\(list))"
    }

    /// Adds the time from one moment to another, of which the later may come first: then it is
    /// taken away.
    func addTime(from start: UInt64, to end: UInt64) {
        nanoseconds.wrappingAdd(Int64(bitPattern: end &- start), ordering: .relaxed)
    }

    func addTime(since start: UInt64, sign: Int64 = 1) {
        let elapsed = Int64(bitPattern: monotonicNanoseconds() &- start)
        nanoseconds.wrappingAdd(sign * elapsed, ordering: .relaxed)
    }

    /// Returns the operator's part of a query's budget, making it at first.
    func budget(within whole: MemoryBudget) -> MemoryBudget {
        budget.withLock { budget in
            if let budget { return budget }
            let part = MemoryBudget(
                byteLimit: whole.byteLimit, settingName: "query_mem_limit", parent: whole)
            budget = part
            return part
        }
    }

    fileprivate var text: String {
        var parts = [
            "rows \(rowCount.load(ordering: .relaxed))",
            "time \(milliseconds(max(0, nanoseconds.load(ordering: .relaxed)))) ms",
        ]
        let held = budget.withLock { $0?.peakByteCount ?? 0 }
        if held > 0 { parts.append("memory \(kibibytes(held))") }
        let spilled = spilledByteCount.load(ordering: .relaxed)
        if spilled > 0 { parts.append("spilled \(kibibytes(spilled))") }
        let bytes = byteCount.load(ordering: .relaxed)
        if bytes > 0 { parts.append("read \(kibibytes(bytes))") }
        let read = partCount.load(ordering: .relaxed)
        if let pruned = pruning.text(partsRead: read) { parts.append(pruned) }
        let scanned = scannedRowCount.load(ordering: .relaxed)
        if scanned > 0 { parts.append("scanned \(scanned)") }
        if let filtered { parts.append(filtered) }
        if let paths = pathReads.text { parts.append(paths) }
        return (parts + notes.withLock { $0 }).joined(separator: ", ")
    }
}

/// Writes bytes as KiB, rounded up: what holds anything does not hold nothing.
private func kibibytes(_ byteCount: Int) -> String { "\((byteCount + 1_023) / 1_024) KiB" }

/// Writes nanoseconds as milliseconds with two digits behind the point.
package func milliseconds(_ nanoseconds: Int64) -> String {
    let hundredths = (nanoseconds + 5_000) / 10_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
