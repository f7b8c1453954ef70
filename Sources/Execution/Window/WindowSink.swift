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
        /// True where memory does not suffice for the results of all rows.
        var isTooLarge = false
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

    package var completion: SinkCompletion { SinkCompletion(finishing: 1, combining: 1.5) }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        execution.progress.expect(sort.sortedRowCount)
        try sort.combine(execution)
        // Runs that had to be spilled are computed while they are read.
        guard case .ordered(let rows) = sort.result() else { return }
        if execution.options.forcesSpill {
            state.withLock { $0.isTooLarge = true }
            return
        }
        let flags = try partitionFlags(rows, execution)
        let starts = Self.batchStarts(flags.pointer(to: UInt8.self), count: rows.run.count)
        let counter = SharedCounter()
        try execution.onWorkers { (_) throws(StarlingError) in
            while case let number = counter.next(), number + 1 < starts.count {
                try execution.cancellation.check()
                if self.isTooLarge { return }
                try self.compute(
                    rows, flags, from: starts[number], to: starts[number + 1], execution)
                execution.progress.note(starts[number + 1] - starts[number])
            }
        }
        state.withLock { state in
            if state.isTooLarge {
                state.batches = []
                state.reservations = []
            }
            state.batches.sort { $0.start < $1.start }
        }
    }

    /// The results in the rows' order, once the sink is combined; none where they are too large.
    var batches: [WindowBatch] { state.withLock { $0.batches } }

    /// True where rows that fit into memory are computed while they are read, as spilled ones are.
    var isTooLarge: Bool { state.withLock { $0.isTooLarge } }

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
                let piece = MemoryRows(rows, from: first, count: end - first)
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

    /// Computes a batch, unless memory has no room for it.
    private func compute(
        _ rows: SortedRows, _ flags: Buffer, from start: Int, to end: Int,
        _ execution: QueryExecution
    ) throws(StarlingError) {
        let count = end - start
        let working = Reservation(execution.budget, purpose: "a window function")
        guard working.tryResize(to: count * computation.workingByteCount) else {
            state.withLock { $0.isTooLarge = true }
            return
        }
        let results = try computation.results(
            MemoryRows(rows, from: start, count: count),
            partitions: flags.pointer(to: UInt8.self) + start, working)
        let kept = Reservation(execution.budget, purpose: "a window function")
        try working.resize(to: 0)
        try kept.resize(to: count * computation.resultByteCount)
        state.withLock { state in
            state.batches.append(WindowBatch(start: start, count: count, results: results))
            state.reservations.append(kept)
        }
    }
}
