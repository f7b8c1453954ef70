// Reads windows of a part; each column goes through its streams on its own.

import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads some columns of one part.
final class StripeReader: PartReader {
    private let part: ORCPart
    private let readers: [ORCColumnReader]
    private let bytes: StripeBytes
    private var isPlanned = false
    /// The rows of the window, counted in the stripe.
    private var rows: Range<Int>

    init(
        _ part: ORCPart, _ columns: [ReadColumn], _ context: ScanContext
    ) throws(StarlingError) {
        self.part = part
        rows = part.rows.lowerBound..<part.rows.lowerBound
        bytes = StripeBytes(part.file.file, context, isPartial: !part.isWholeStripe)
        let footer: StripeFooter
        do throws(ORCDamage) {
            footer = try part.stripe.footer(context)
        } catch {
            throw error.located(in: "\(part.file.path), stripe \(part.number)")
        }
        let factory = ValueReaderFactory(
            file: part.file, stripe: part.stripe, footer: footer, bytes: bytes,
            decompressor: part.stripe.sections.makeDecompressor(),
            dictionaries: part.dictionaries)
        var readers: [ORCColumnReader] = []
        for column in columns {
            readers.append(try ORCColumnReader(part, column, factory, context))
        }
        self.readers = readers
    }

    deinit { part.dictionaries.finishPiece() }

    var firstRowInFile: Int? { part.stripe.firstRow + rows.lowerBound }

    func expect(_ rows: RowRanges, late: Set<Int>) {
        if rows.rowCount < part.rowCount / 4 { bytes.readSparsely() }
        plan(late: late)
    }

    /// Plans to read streams that are near each other at once, but those of late columns only when
    /// one of them is asked for.
    private func plan(late: Set<Int>) {
        if isPlanned { return }
        isPlanned = true
        var early: [Range<Int>] = []
        for (position, reader) in readers.enumerated() {
            if late.contains(position) {
                bytes.plan(reader.ranges, isLate: true)
            } else {
                early += reader.ranges
            }
        }
        bytes.plan(early, isLate: false)
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        let start = part.rows.lowerBound + row
        precondition(
            start >= rows.lowerBound && count >= 0 && count <= chunkCapacity
                && count <= part.rows.upperBound - start)
        rows = start..<(start + count)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        plan(late: [])
        return try readers[position].read(rows, selection: selection)
    }

    func takeCutCount(of position: Int) -> Int { readers[position].takeCutCount() }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        plan(late: [])
        return try readers[position].dictionary()
    }
}

/// Reads one column of a stripe in ascending windows.
final class ORCColumnReader {
    private let part: ORCPart
    private let context: ScanContext
    private let node: ORCNode
    private let physicalType: PhysicalType
    private let root: ValueReader
    /// How many structures the wanted field is in.
    private let depth: Int
    private let place: String
    let ranges: [Range<Int>]
    private var nextRow = 0

    init(
        _ part: ORCPart, _ column: ReadColumn, _ factory: ValueReaderFactory,
        _ context: ScanContext
    ) throws(StarlingError) {
        self.part = part
        self.context = context
        place = part.place(ofColumn: column.column)
        physicalType = column.physicalType
        depth = column.path.count
        let top = part.file.root.children[column.column]
        guard let node = top.field(column.path) else {
            throw StarlingError(.internal, "\(place) has no such field")
        }
        self.node = node
        do throws(ORCDamage) {
            root = try factory.reader(
                of: top, column.path[...], column.physicalType,
                pool: column.path.isEmpty ? part.pools[column.column] : nil)
        } catch {
            throw error.located(in: place)
        }
        ranges = root.nodes.flatMap { factory.footer.dataRanges(ofColumn: $0.column) }
    }

    func read(_ rows: Range<Int>, selection: Selection?) throws(StarlingError) -> Vector {
        if rows.isEmpty || selection?.count == 0 {
            return node.type.isNested
                ? Vector([], as: node.type) : Vector(uninitialized: physicalType, count: 0)
        }
        do throws(ORCDamage) {
            try move(to: rows.lowerBound)
            nextRow = rows.upperBound
            var vector = try root.read(rows.count, selection: selection)
            for _ in 0..<depth {
                // Where no structure is there, none of their fields are.
                guard !vector.isConstant, let field = vector.children?.vectors.first else {
                    return .allNull(as: node.type, physicalType, count: vector.count)
                }
                vector = field
            }
            return vector
        } catch {
            throw error.located(in: place)
        }
    }

    func takeCutCount() -> Int { root.takeCutCount() }

    func dictionary() throws(StarlingError) -> VectorDictionary? {
        guard depth == 0 else { return nil }
        do throws(ORCDamage) {
            return try root.dictionary()
        } catch {
            throw error.located(in: place)
        }
    }

    /// Passes over rows: by the row index where that leaves out some, else by decoding no more than
    /// where runs end.
    private func move(to row: Int) throws(ORCDamage) {
        guard row > nextRow else { return }
        context.rowsSkipped.wrappingAdd(
            row - max(nextRow, part.rows.lowerBound), ordering: .relaxed)
        let stride = part.file.rowIndexStride
        if stride > 0, row - nextRow >= stride, canSeek {
            try root.seek(to: row / stride, part.stripe)
            nextRow = row / stride * stride
        }
        try root.skip(row - nextRow)
    }

    /// Tells whether all nodes have row indexes that are right.
    private lazy var canSeek: Bool = root.nodes.allSatisfy { node in
        if node.kind == .decimal, part.file.statisticsReader.hasWrongDecimalPositions {
            return false
        }
        guard let index = try? part.stripe.rowIndex(ofColumn: node.column, context) else {
            return false
        }
        return index.entries.allSatisfy { !$0.positions.isEmpty || node.kind == .structure }
    }
}
