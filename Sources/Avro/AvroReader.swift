// Reads a part: its blocks are decompressed one after the other, and the wanted columns of a window
// are decoded together when the first of them is asked for, since values only lie behind those
// before them. Windows that no one asks for are passed over, whole blocks of them unread.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads windows of rows.
final class AvroReader: PartReader {
    private let part: AvroPart
    private let file: AvroFile
    private let columns: [ReadColumn]
    private let context: ScanContext
    private let program: AvroProgram
    private let passing: AvroProgram
    private let targets: AvroTargets
    private let passed: AvroTargets
    private let decompressor: AvroDecompressor
    /// The bytes of the part as they lie in the file.
    private var stored: Buffer?
    private var blockNumber: Int
    /// The block that rows are read from: its bytes, where the next row begins, and where it ends.
    private var block: (bytes: Buffer, place: Int, end: Int)?
    /// The number of the next row to be read, counted in the file.
    private var row: Int
    private var window = 0..<0
    private var vectors: [Vector?]?

    init(_ part: AvroPart, columns: [ReadColumn], context: ScanContext) {
        self.part = part
        file = part.file
        self.columns = columns
        self.context = context
        program = AvroProgram(part.file, wanted: Set(columns.map(\.column)))
        passing = AvroProgram(part.file, wanted: [])
        targets = AvroTargets(program, budget: context.budget)
        passed = AvroTargets(passing, budget: context.budget)
        decompressor = AvroDecompressor(part.file.codec, budget: context.budget)
        blockNumber = part.blocks.lowerBound
        row = part.firstRow
    }

    var firstRowInFile: Int? { part.firstRow + window.lowerBound }

    func moveWindow(to row: Int, count: Int) {
        window = row..<(row + count)
        vectors = nil
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        if vectors == nil { vectors = try decodeWindow() }
        let column = columns[position]
        guard let vector = vectors?[column.column] else {
            throw StarlingError(.internal, "a column is read that was not asked for")
        }
        if file.columns[column.column].type == .null {
            return .allNull(column.physicalType, count: selection?.count ?? window.count)
        }
        let selected = selection.map { vector.gathered(by: $0) } ?? vector
        return selected.physicalType == column.physicalType || !selected.physicalType.isInteger
            ? selected : selected.withIntegerLayout(column.physicalType)
    }

    func takeCutCount(of position: Int) -> Int {
        targets.takeCutCount { program.node(ofStep: $0) == columns[position].column }
    }

    /// Decodes the wanted columns of the window.
    private func decodeWindow() throws(StarlingError) -> [Vector?] {
        let first = part.firstRow + window.lowerBound
        try pass(to: first)
        targets.begin(count: window.count)
        var owner: (any Owner)?
        while row < first + window.count {
            let count = min(first + window.count, file.blocks[blockNumber].endRow) - row
            let bytes = try run(program, targets, count)
            owner = OwnerList.joining(owner, bytes)
        }
        return program.slotOfNode.map { slot in slot.map { targets.vector($0, owner: owner) } }
    }

    /// Moves to a row that lies ahead.
    private func pass(to first: Int) throws(StarlingError) {
        while file.blocks[blockNumber].endRow <= first, blockNumber + 1 < part.blocks.upperBound {
            blockNumber += 1
            row = file.blocks[blockNumber].firstRow
            block = nil
        }
        if row < first { _ = try run(passing, passed, first - row) }
    }

    /// Runs a program over rows of the current block, and returns the block's bytes.
    private func run(
        _ program: AvroProgram, _ targets: AvroTargets, _ count: Int
    ) throws(StarlingError) -> Buffer {
        if block == nil { block = try openBlock() }
        guard let block else { throw damage("is missing") }
        let start = UnsafePointer(block.bytes.pointer(to: UInt8.self))
        let decoder = AvroDecoder(program, targets, end: start + block.end)
        let place = decoder.rows(count, from: start + block.place)
        guard let place else { throw damage(program, targets) }
        row += count
        self.block = (block.bytes, place - start, block.end)
        if row == file.blocks[blockNumber].endRow {
            guard place == start + block.end else {
                throw damage("has bytes behind its last row")
            }
            if blockNumber + 1 < part.blocks.upperBound { blockNumber += 1 }
            self.block = nil
        }
        withExtendedLifetime((block.bytes, program, targets)) {}
        return block.bytes
    }

    private func openBlock() throws(StarlingError) -> (bytes: Buffer, place: Int, end: Int) {
        let bytes: Buffer
        if let stored {
            bytes = stored
        } else {
            bytes = try file.file.read(part.bytes)
            context.bytesRead.wrappingAdd(part.bytes.count, ordering: .relaxed)
            stored = bytes
        }
        let range = file.blocks[blockNumber].bytes
        let start = range.lowerBound - part.bytes.lowerBound
        if file.codec == .none { return (bytes, start, start + range.count) }
        defer { withExtendedLifetime(bytes) {} }
        let result = try decompressor.decompress(
            UnsafeRawPointer(bytes.baseAddress + start), byteCount: range.count)
        guard let result else {
            throw damage("can't be decompressed with \(file.codec.rawValue)")
        }
        return (result.bytes, 0, result.byteCount)
    }

    private func damage(_ program: AvroProgram, _ targets: AvroTargets) -> StarlingError {
        if let failure = targets.failure { return failure }
        let column = program.node(ofStep: targets.faultStep).map { file.columns[$0].name } ?? ""
        let number = row + targets.faultRow + 1
        return damage(
            (targets.fault ?? .end).rawValue + " (row \(number), column \(column))")
    }

    private func damage(_ what: String) -> StarlingError {
        let place = file.blocks[blockNumber].bytes.lowerBound
        return StarlingError(.file, "\(file.path): the block at byte \(place) \(what)")
    }
}
