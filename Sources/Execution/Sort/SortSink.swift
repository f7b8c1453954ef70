// Sorting as a pipeline's end. Every worker gathers rows in blocks, with the words of their keys
// beside them, and sorts its own; then the runs are merged, in parallel, into one order of row
// numbers, by which `SortSource` gathers.
//
// With a limit a worker throws away what cannot be among the first rows: whenever it has gathered
// twice the limit it sorts, keeps the best, and lowers a threshold that all workers compare the
// first words of new rows with.
//
// Where memory runs short, a worker sorts what it has and writes it to its spill file. Then nothing
// is merged ahead: the source merges all runs while it reads them (`MergingReader`).

import StarlingErrors
import StarlingMemory
import StarlingPlans
import StarlingTypes
import StarlingVectors
import Synchronization

/// Holds rows that a worker has sorted.
struct SortedRun: Sendable {
    var entries: Buffer
    var count: Int

    var pointer: UnsafeMutablePointer<SortEntry> { entries.pointer(to: SortEntry.self) }
}

/// Gathers rows and orders them.
package final class SortSink: Sink {
    private struct State {
        var runs: [SortedRun] = []
        var spilledRuns: [[SpilledChunk]] = []
        var blocks: [ColumnBlock] = []
        var reservations: [Reservation] = []
        var result: SortResult?
    }

    let layout: SortKeyLayout
    let types: [PhysicalType]
    /// How many of the first rows are wanted, offset included; nil for all.
    let rowLimit: Int?
    let store: ColumnBlockStore
    /// Rows whose first word is greater are not among the first `rowLimit`.
    let threshold = Atomic<UInt64>(.max)
    private let state = Mutex(State())

    /// Sorts chunks whose columns have the given types; with `rowLimit` keeps only the first rows.
    package init(types: [PhysicalType], keys: [SortColumn], rowLimit: Int? = nil) {
        self.types = types
        self.rowLimit = rowLimit
        layout = SortKeyLayout(keys)
        store = ColumnBlockStore(types: types, wordCount: layout.wordCount)
    }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        if types.contains(where: { $0 == .list || $0 == .structure }) {
            throw StarlingError(.unsupported, "sorting rows with ARRAY, MAP or STRUCT columns")
        }
        return SortWorker(self, execution)
    }

    package var completion: SinkCompletion {
        rowLimit == nil ? SinkCompletion(finishing: 1, combining: 0.5) : SinkCompletion()
    }

    /// The rows that are sorted and in memory, before the sink is combined.
    var sortedRowCount: Int { state.withLock { $0.runs.reduce(0) { $0 + $1.count } } }

    /// Lowers the threshold, unless it is lower already.
    ///
    /// `Atomic<UInt64>.min` of the standard library compares as if signed, and .max stays.
    func lowerThreshold(to word: UInt64) {
        var known = threshold.load(ordering: .relaxed)
        while word < known {
            let (exchanged, original) = threshold.weakCompareExchange(
                expected: known, desired: word, ordering: .relaxed)
            if exchanged { return }
            known = original
        }
    }

    /// Takes over what a worker has sorted.
    func add(
        _ run: SortedRun, blocks: [ColumnBlock], spilled: [[SpilledChunk]],
        reservation: Reservation
    ) {
        state.withLock { state in
            if run.count > 0 { state.runs.append(run) }
            state.spilledRuns += spilled
            state.blocks += blocks
            state.reservations.append(reservation)
        }
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let (runs, spilled, blocks) = state.withLock { ($0.runs, $0.spilledRuns, $0.blocks) }
        let order = RowOrder(layout: layout, view: ColumnBlockView(blocks, types: types))
        let reservation = Reservation(execution.budget, purpose: "merging sorted rows")
        let entryCount = runs.count > 1 ? runs.reduce(0) { $0 + $1.count } : 0
        let byteCount = min(entryCount, rowLimit ?? .max) * MemoryLayout<SortEntry>.stride
        let result: SortResult
        if spilled.isEmpty, execution.budget.hasRoom(for: 2 * byteCount) {
            let merger = RunMerger(order: order, rowLimit: rowLimit ?? .max, execution: execution)
            result = .ordered(SortedRows(run: try merger.merge(runs, reservation), order: order))
        } else {
            result = .runs(
                runs.map { .memory(SortedRows(run: $0, order: order)) }
                    + spilled.map { .spilled($0) })
        }
        state.withLock { state in
            state.runs = []
            state.spilledRuns = []
            state.reservations.append(reservation)
            state.result = result
        }
    }

    /// The rows that there are once the sink is combined.
    var rowCount: Int { result().rowCount }

    /// What there is once the sink is combined.
    func result() -> SortResult {
        state.withLock { $0.result.unsafelyUnwrapped }
    }

    /// Makes a reader that merges runs while it reads them.
    func makeMergingReader(
        _ runs: [RunSource], offset: Int = 0, limit: Int = .max, chunkRowCount: Int
    ) -> MergingReader {
        MergingReader(
            runs, layout, types: types, offset: offset, limit: limit, chunkRowCount: chunkRowCount)
    }
}

/// Is what a sort comes to.
enum SortResult: Sendable {
    /// All rows in memory, in order.
    case ordered(SortedRows)
    /// Runs that are still to be merged.
    case runs([RunSource])

    var rowCount: Int {
        switch self {
        case .ordered(let rows): rows.run.count
        case .runs(let runs): runs.reduce(0) { $0 + $1.rowCount }
        }
    }
}

/// Holds rows in their final order.
struct SortedRows: Sendable {
    let run: SortedRun
    let order: RowOrder

    /// Gathers all columns of `count` rows from place `start` of the order.
    func chunk(from start: Int, count: Int) -> Chunk {
        order.view.gather(rowNumbers(from: start), stride: Self.stride, count: count)
    }

    /// The row numbers from place `start` on, `stride` apart.
    func rowNumbers(from start: Int) -> UnsafePointer<RowNumber> {
        let address = UnsafeRawPointer(run.pointer + start)
        return (address + MemoryLayout<SortEntry>.offset(of: \.row)!)
            .assumingMemoryBound(to: RowNumber.self)
    }

    static var stride: Int { MemoryLayout<SortEntry>.stride / MemoryLayout<RowNumber>.stride }
}
