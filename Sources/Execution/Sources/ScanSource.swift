// Reads a table part by part and window by window:
//
// 1. Parts whose statistics exclude every row are not opened.
// 2. In each window the conditions are evaluated on the columns that they need, the most selective
//    first; then the filters of joins further on.
// 3. The other columns are decoded for the rows that are left.

import StarlingErrors
import StarlingEvaluation
import StarlingKernels
import StarlingPlans
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gives the rows of a table that satisfy conditions.
final class ScanSource: Source {
    /// A filter that a join publishes, and the column it is for.
    struct OfferedFilter: Sendable {
        var slot: RuntimeFilterSlot
        var position: Int
    }

    /// A range of rows of a part, empty where they are not counted: what a worker takes at a time.
    private struct Morsel: Sendable {
        var part: any TablePart
        var rows: Range<Int>
    }

    let layout: ColumnLayout
    fileprivate let columns: [ReadColumn]
    fileprivate let filter: CompiledFilter?
    fileprivate let measurements: NodeMeasurements
    fileprivate let context: ScanContext
    private let morsels: [Morsel]
    private let counter = SharedCounter()
    private let offered = Mutex<[OfferedFilter]>([])
    private let queryMeasurements: QueryMeasurements

    init(
        _ node: ScanNode, layout: ColumnLayout, execution: QueryExecution,
        measurements: NodeMeasurements
    ) throws(StarlingError) {
        self.layout = layout
        self.measurements = measurements
        queryMeasurements = execution.measurements
        columns = zip(node.columns, layout.columns).map {
            ReadColumn(column: $0.position, physicalType: $1.physicalType)
        }
        let filter =
            node.conjuncts.isEmpty
            ? nil
            : try CompiledFilter(node.conjuncts, layout: layout, session: execution.session)
        self.filter = filter
        context = ScanContext(
            budget: execution.budget, cancellation: execution.cancellation,
            verifiesChecksums: execution.options.verifiesChecksums)
        let positions = columns.map(\.column)
        let kept = node.table.parts.filter { part in
            guard part.rowCount > 0 || !part.isCounted else { return false }
            guard let filter, part.rowCount > 0 else { return true }
            let match = filter.match(rowCount: part.rowCount) {
                part.statistics(ofColumn: positions[$0])
            }
            return match != .noRow
        }
        measurements.prunedPartCount.wrappingAdd(
            node.table.parts.count - kept.count, ordering: .relaxed)
        morsels = Self.cut(kept, workerCount: execution.pool.workerCount)
    }

    var partCount: Int { morsels.count }

    /// Cuts large parts where there are too few for all workers to be busy to the end.
    private static func cut(_ parts: [any TablePart], workerCount: Int) -> [Morsel] {
        let rowCount = parts.reduce(0) { $0 + $1.rowCount }
        let wanted = max(1, rowCount / max(1, workerCount * 4))
        let unit = max(131_072, (wanted + chunkCapacity - 1) / chunkCapacity * chunkCapacity)
        return parts.flatMap { part in
            guard part.isCounted else { return [Morsel(part: part, rows: 0..<0)] }
            guard workerCount > 1, part.rowCount > unit * 3 / 2 else {
                return [Morsel(part: part, rows: 0..<part.rowCount)]
            }
            return stride(from: 0, to: part.rowCount, by: unit).map {
                Morsel(part: part, rows: $0..<min(part.rowCount, $0 + unit))
            }
        }
    }

    /// Lets a join's filter take rows away, as soon as the join has gathered its other side.
    func add(_ slot: RuntimeFilterSlot, onColumn id: ColumnID) {
        guard let position = layout.position(of: id) else { return }
        offered.withLock { $0.append(OfferedFilter(slot: slot, position: position)) }
    }

    fileprivate var offeredFilters: [OfferedFilter] { offered.withLock { $0 } }

    fileprivate func nextMorsel() -> (part: any TablePart, rows: Range<Int>, number: Int)? {
        let position = counter.next()
        guard position < morsels.count else { return nil }
        return (morsels[position].part, morsels[position].rows, position)
    }

    fileprivate func finishMorsel() { queryMeasurements.finishUnit() }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        ScanReader(self, chunkRowCount: execution.options.chunkRowCount)
    }
}

/// A filter that a join has published, for one worker.
private struct PublishedFilter {
    let filter: RuntimeFilter
    let evaluator: RuntimeFilterEvaluator
    let position: Int

    init?(_ offered: ScanSource.OfferedFilter) {
        guard let filter = offered.slot.filter else { return nil }
        self.filter = filter
        evaluator = filter.makeEvaluator()
        position = offered.position
    }
}

/// Reads morsels for one worker.
private final class ScanReader: SourceReader {
    private let scan: ScanSource
    private let chunkRowCount: Int
    private let filter: FilterEvaluator?
    private let runtimeFilters: [PublishedFilter]
    private var columns: WindowColumns?
    private var rows = 0..<0
    /// True while a part is read whose end only shows when it is reached.
    private var isOpenEnded = false
    private(set) var morselNumber: Int?

    init(_ scan: ScanSource, chunkRowCount: Int) {
        self.scan = scan
        self.chunkRowCount = chunkRowCount
        filter = scan.filter?.makeEvaluator()
        runtimeFilters = scan.offeredFilters.compactMap(PublishedFilter.init)
    }

    func next() throws(StarlingError) -> Chunk? {
        while true {
            guard let count = try moveWindow() else { return nil }
            if let chunk = try readWindow(count: count) { return chunk }
            try scan.context.cancellation.check()
        }
    }

    /// Moves to the next rows and tells how many there are; nil where nothing is left.
    private func moveWindow() throws(StarlingError) -> Int? {
        while true {
            if isOpenEnded, let columns {
                let count = try columns.moveToNextWindow(countMax: chunkRowCount)
                if count > 0 { return count }
                isOpenEnded = false
                scan.finishMorsel()
            }
            if let columns, !rows.isEmpty {
                let count = min(chunkRowCount, rows.count)
                let start = rows.lowerBound
                rows = (start + count)..<rows.upperBound
                if rows.isEmpty { scan.finishMorsel() }
                try columns.moveWindow(to: start, count: count)
                return count
            }
            guard try openMorsel() else { return nil }
        }
    }

    /// Opens the next morsel that may have rows; false where there is none.
    private func openMorsel() throws(StarlingError) -> Bool {
        while let (part, rows, number) = scan.nextMorsel() {
            if isExcluded(part) {
                scan.measurements.prunedPartCount.wrappingAdd(1, ordering: .relaxed)
                scan.finishMorsel()
                continue
            }
            scan.measurements.partCount.wrappingAdd(1, ordering: .relaxed)
            let reader = try part.makeReader(columns: scan.columns, context: scan.context)
            columns = WindowColumns(reader, columnCount: scan.columns.count)
            self.rows = rows
            isOpenEnded = !part.isCounted
            morselNumber = number
            return true
        }
        let bytes = scan.context.bytesRead.exchange(0, ordering: .relaxed)
        scan.measurements.byteCount.wrappingAdd(bytes, ordering: .relaxed)
        return false
    }

    private func isExcluded(_ part: any TablePart) -> Bool {
        runtimeFilters.contains { published in
            let statistics = part.statistics(ofColumn: scan.columns[published.position].column)
            return published.filter.isEmpty
                || statistics.bounds.map { !published.filter.mayMatch($0) } ?? false
        }
    }

    private func readWindow(count: Int) throws(StarlingError) -> Chunk? {
        guard let columns else { return nil }
        var selection = try filter?.select(columns, count: count)
        if selection?.count == 0 { return nil }
        if selection?.count == count { selection = nil }
        for published in runtimeFilters {
            let before = selection?.count ?? count
            let vector = try columns.column(published.position, selection: selection)
            selection = published.evaluator.narrow(selection, by: vector)
            let after = selection?.count ?? count
            scan.measurements.filteredRowCount.wrappingAdd(before - after, ordering: .relaxed)
            if after == 0 { return nil }
        }
        let kept = selection?.count ?? count
        let isAll = kept == count
        var vectors: [Vector] = []
        vectors.reserveCapacity(scan.columns.count)
        for position in scan.columns.indices {
            vectors.append(try columns.column(position, selection: isAll ? nil : selection))
        }
        return Chunk(columns: vectors, count: kept)
    }
}
