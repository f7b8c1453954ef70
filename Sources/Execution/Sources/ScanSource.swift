// Reads a table part by part and window by window:
//
// 1. Partitions and then parts whose statistics exclude every row are not opened.
// 2. Of the others, bloom filters, the statistics of pages and dictionaries say which rows may pass
//    the conditions and the filters of operators further on; other rows are not read (`ScanReader`).
// 3. In each window the conditions are evaluated on the columns that they need, the most selective
//    first; then the filters of operators further on.
// 4. The other columns are decoded for the rows that are left.

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
    /// A filter that an operator publishes, and the column it is for.
    struct OfferedFilter: Sendable {
        var slot: RuntimeFilterSlot
        var position: Int
    }

    /// A range of rows of a part, empty where they are not counted: what a worker takes at a time.
    struct Morsel: Sendable {
        var part: ScanPart
        var rows: Range<Int>

        var rowCount: Int { part.part.isCounted ? rows.count : part.part.rowCount }
    }

    let layout: ColumnLayout
    /// Where the table is named in the text.
    let place: TextRange?
    /// The positions of the columns that something further on needs; others serve conditions.
    let outputs: [Int]
    let columns: [ReadColumn]
    /// What the plan takes for true of the columns of a file.
    let claims: [ColumnClaim?]
    let filter: CompiledFilter?
    let measurements: NodeMeasurements
    let context: ScanContext
    /// The values that parts must have for a row to pass.
    let required: [RequiredValues]
    /// What indexes may know of each conjunct of the filter.
    let indexConditions: [IndexCondition]
    private let morsels: [Morsel]
    private let counter = SharedCounter()
    let readAhead: ScanReadAhead
    private let offered = Mutex<[OfferedFilter]>([])
    private let progress: QueryProgress
    /// The morsels in another order, where a filter prefers one.
    private let morselOrder = Mutex<[Morsel]?>(nil)

    /// Reads a table's columns in `layout`; chunks have those at the positions `outputs`.
    init(
        _ node: ScanNode, layout: ColumnLayout, outputs: [Int], execution: QueryExecution,
        measurements: NodeMeasurements
    ) throws(StarlingError) {
        self.layout = layout
        place = node.place
        self.outputs = outputs
        self.measurements = measurements
        progress = execution.progress
        columns = zip(node.columns, layout.columns).map {
            ReadColumn(
                column: $0.position, physicalType: $1.physicalType, path: $0.path)
        }
        claims = layout.columns.map { ColumnClaim($0, title: node.table.title) }
        let filter =
            node.conjuncts.isEmpty
            ? nil
            : try CompiledFilter(node.conjuncts, layout: layout, session: execution.session)
        self.filter = filter
        context = ScanContext(
            budget: execution.budget, cancellation: execution.cancellation,
            verifiesChecksums: execution.options.verifiesChecksums,
            pathReads: measurements.pathReads, progress: progress)
        let read = columns
        let pruning = PartitionPruning(node.table, filter, columns: columns)
        let parts = pruning.parts(of: node.table)
        measurements.pruning.note(pruning)
        measurements.pruning.addParts(node.table.parts.count - parts.count, .partitions)
        let kept = parts.compactMap { part -> ScanPart? in
            guard part.rowCount > 0 || !part.isCounted else { return nil }
            guard let filter, part.rowCount > 0 else { return ScanPart(part, match: .someRows) }
            let match = filter.match(rowCount: part.rowCount) {
                part.statistics(of: read[$0])
            }
            return match == .noRow ? nil : ScanPart(part, match: match)
        }
        measurements.pruning.addParts(parts.count - kept.count, .statistics)
        if let divided = node.table as? PartsOfTable {
            measurements.pruning.addParts(divided.answeredCount, .metadata)
        }
        required = filter?.requiredValues ?? []
        indexConditions =
            execution.options.usesIndexes
            ? filter?.indexConditions { read[$0].path.isEmpty ? read[$0].column : nil } ?? []
            : []
        let workerCount = execution.pool.workerCount
        morsels = Self.cut(kept, workerCount: workerCount)
        let early = filter.map { $0.columns.sorted() } ?? outputs
        readAhead = ScanReadAhead(
            early: early.map { read[$0] },
            late: outputs.filter { !early.contains($0) }.map { read[$0] },
            depth: 2 * workerCount)
    }

    /// The rows of what is read, as far as they are known.
    var rowCount: Int { morsels.reduce(0) { $0 + $1.rowCount } }

    var extent: SourceExtent { .noted(rowCount: rowCount) }
    var readerCountMax: Int { max(1, morsels.count) }

    /// Cuts large parts where there are too few for all workers to be busy to the end.
    private static func cut(_ parts: [ScanPart], workerCount: Int) -> [Morsel] {
        let rowCount = parts.reduce(0) { $0 + $1.part.rowCount }
        let wanted = max(1, rowCount / max(1, workerCount * 4))
        let unit = max(131_072, (wanted + chunkCapacity - 1) / chunkCapacity * chunkCapacity)
        return parts.flatMap { part in
            guard part.part.isCounted else { return [Morsel(part: part, rows: 0..<0)] }
            let rowCount = part.part.rowCount
            guard workerCount > 1, rowCount > unit * 3 / 2 else {
                return [Morsel(part: part, rows: 0..<rowCount)]
            }
            return stride(from: 0, to: rowCount, by: unit).map {
                Morsel(part: part, rows: $0..<min(rowCount, $0 + unit))
            }
        }
    }

    /// Lets an operator's filter take rows away, as soon as the operator has published it.
    func add(_ slot: RuntimeFilterSlot, onColumn id: ColumnID) {
        guard let position = layout.position(of: id) else { return }
        measurements.add(slot)
        slot.addReader()
        offered.withLock { $0.append(OfferedFilter(slot: slot, position: position)) }
    }

    var noClaims: [ColumnClaim?] { claims.map { _ in nil } }
    var offeredFilters: [OfferedFilter] { offered.withLock { $0 } }

    func prepare(_ execution: QueryExecution) {
        if let order = preferredOrder(morsels) {
            morselOrder.withLock { $0 = order.map { morsels[$0] } }
        }
    }

    /// Hands out the next morsel, and has those behind it read ahead.
    func nextMorsel() -> (morsel: Morsel, number: Int)? {
        let position = counter.next()
        guard position < morsels.count else { return nil }
        let inOrder = morselOrder.withLock { $0 } ?? morsels
        readAhead.advance(to: position, of: inOrder, context)
        return (inOrder[position], position)
    }

    /// Tells that rows are dealt with: left out, or taken by what lies behind.
    func note(rowCount: Int) { progress.note(rowCount) }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        ScanReader(self, chunkRowCount: execution.options.chunkRowCount)
    }
}
