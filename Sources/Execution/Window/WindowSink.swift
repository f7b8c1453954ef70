// Window functions as a pipeline's end: rows are sorted by partition and order keys, the order is
// cut into batches of whole partitions, and the batches are computed in parallel. `WindowSource`
// gives the input's columns and the results behind them.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Synchronization

/// Holds the results for consecutive rows of the order.
struct WindowBatch: Sendable {
    var start: Int
    var count: Int
    var results: [Vector]
}

/// Gathers rows and computes window functions over them.
package final class WindowSink: Sink {
    private struct State {
        var batches: [WindowBatch] = []
        var reservations: [Reservation] = []
    }

    /// Batches of fewer rows would cost more in calls than in rows.
    static let batchRowCount = 1 << 14

    let sort: SortSink
    let computation: WindowComputation
    private let state = Mutex(State())

    /// Computes `calls` over chunks whose columns have the given types.
    package init(
        types: [PhysicalType], partitionKeys: [SortColumn], orderKeys: [SortColumn],
        calls: [WindowCall]
    ) {
        sort = SortSink(types: types, keys: partitionKeys + orderKeys)
        computation = WindowComputation(
            partitionColumns: partitionKeys.map(\.position), orderKeys: orderKeys, calls: calls)
    }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        try sort.makeWorker(execution)
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        try sort.combine(execution)
        // Runs that had to be spilled are computed while they are read.
        guard case .ordered(let rows) = sort.result() else { return }
        let flags = try partitionFlags(rows, execution)
        let starts = Self.batchStarts(flags.pointer(to: UInt8.self), count: rows.run.count)
        let counter = SharedCounter()
        try execution.onWorkers { (_) throws(StarlingError) in
            while case let number = counter.next(), number + 1 < starts.count {
                try execution.cancellation.check()
                let batch = try self.compute(
                    rows, flags, from: starts[number], to: starts[number + 1], execution)
                self.state.withLock { $0.batches.append(batch) }
            }
        }
        state.withLock { state in state.batches.sort { $0.start < $1.start } }
    }

    /// The results in the rows' order, once the sink is combined.
    var batches: [WindowBatch] { state.withLock { $0.batches } }

    /// Flags the rows at which a partition begins.
    private func partitionFlags(
        _ rows: SortedRows, _ execution: QueryExecution
    ) throws(StarlingError) -> Buffer {
        let count = rows.run.count
        let flags = Buffer.zeroed(byteCount: max(1, count))
        let pointer = flags.pointer(to: UInt8.self)
        pointer[0] = 1
        let counter = SharedCounter()
        let columns = computation.partitionColumns
        try execution.onWorkers { (_) throws(StarlingError) in
            while case let start = counter.next() * Self.batchRowCount, start < count {
                let end = min(count, start + Self.batchRowCount)
                // One row more in front, to compare the first with.
                let first = max(0, start - 1)
                let piece = WindowRows(rows, from: first, count: end - first)
                // The flag of that row belongs to the piece before; it is not touched.
                for column in columns {
                    markChanges(
                        of: piece.column(column), in: flags.pointer(to: UInt8.self) + first)
                }
            }
        }
        return flags
    }

    /// Cuts the order into batches of whole partitions; the last start is the end.
    private static func batchStarts(_ flags: UnsafePointer<UInt8>, count: Int) -> [Int] {
        var starts = [0]
        for row in 0..<count where flags[row] != 0 && row - starts.last! >= batchRowCount {
            starts.append(row)
        }
        if count > 0 { starts.append(count) }
        return starts
    }

    private func compute(
        _ rows: SortedRows, _ flags: Buffer, from start: Int, to end: Int,
        _ execution: QueryExecution
    ) throws(StarlingError) -> WindowBatch {
        let count = end - start
        let working = Reservation(execution.budget, purpose: "window functions")
        try working.resize(to: count * computation.workingByteCount)
        let results = try computation.results(
            WindowRows(rows, from: start, count: count),
            partitions: flags.pointer(to: UInt8.self) + start)
        let kept = Reservation(execution.budget, purpose: "window functions")
        try working.resize(to: 0)
        try kept.resize(to: count * computation.resultByteCount)
        state.withLock { $0.reservations.append(kept) }
        return WindowBatch(start: start, count: count, results: results)
    }
}

extension WindowRows {
    /// Views consecutive rows of an order.
    init(_ rows: SortedRows, from start: Int, count: Int) {
        self.init(
            view: rows.order.view, numbers: rows.rowNumbers(from: start),
            stride: SortedRows.stride, count: count)
    }
}

extension WindowComputation {
    /// Bytes a row of the results.
    var resultByteCount: Int { calls.reduce(0) { $0 + $1.resultType.byteWidth } }

    /// Bytes a row that computing takes at its peak, about.
    var workingByteCount: Int {
        let stateByteCount = calls.map { call in
            if case .aggregate(let kernel) = call.function { kernel.stateByteCount } else { 0 }
        }
        return resultByteCount + 40 + 3 * (stateByteCount.max() ?? 0)
    }
}
