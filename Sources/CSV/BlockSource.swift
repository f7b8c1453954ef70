// Where a reader's text comes from: a part of a file that can be cut, or a stream that is read from
// its start.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStreams
import StarlingTables

/// Gives blocks of whole rows, one after the other.
protocol BlockSource: AnyObject {
    /// Returns the next block; nil at the end.
    func next(_ context: ScanContext) throws(StarlingError) -> TextBlock?

    /// The newlines of the text before the block that `next` returned last.
    func lineCount(before block: TextBlock) throws(StarlingError) -> Int
}

/// Gives the one block of a part.
final class PartBlocks: BlockSource {
    private let boundaries: RowBoundaries
    private let part: Int
    private var isDone = false

    init(_ boundaries: RowBoundaries, part: Int) {
        self.boundaries = boundaries
        self.part = part
    }

    func next(_ context: ScanContext) throws(StarlingError) -> TextBlock? {
        if isDone { return nil }
        isDone = true
        let block = try boundaries.load(part, context.budget)
        context.bytesRead.wrappingAdd(block.end - block.start, ordering: .relaxed)
        return block
    }

    func lineCount(before block: TextBlock) throws(StarlingError) -> Int {
        try countLines(of: boundaries.file, before: block.fileOffset, boundaries.dialect.newline[0])
    }
}

/// Counts the newlines in the first bytes of a file; only for messages.
func countLines(
    of file: any ReadableFile, before offset: Int, _ newline: UInt8
) throws(StarlingError) -> Int {
    var count = 0
    var place = 0
    while place < offset {
        let next = min(offset, place + 1 << 20)
        let buffer = try file.read(place..<next)
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: next - place)
        for byte in bytes where byte == newline { count += 1 }
        withExtendedLifetime(buffer) {}
        place = next
    }
    return count
}

/// Gives the blocks of a part of a stream: one piece, or all that are left in the last part.
final class StreamBlocks: BlockSource {
    private let pieces: SharedPieces
    private let dialect: CSVDialect
    private var next: Int
    private var end: Int
    private var lineCount = 0

    init(_ file: CSVFile, _ pieces: SharedPieces, part: Int) {
        self.pieces = pieces
        dialect = file.layout.dialect
        next = part
        end = part + 1 < file.partCount ? part + 1 : .max
    }

    func lineCount(before block: TextBlock) throws(StarlingError) -> Int { lineCount }

    func next(_ context: ScanContext) throws(StarlingError) -> TextBlock? {
        guard next < end, let piece = try pieces.piece(next) else { return nil }
        next += 1
        lineCount = piece.lineCount
        context.bytesRead.wrappingAdd(piece.range.count, ordering: .relaxed)
        guard dialect.isSimple else {
            let text = UnsafeRawBufferPointer(
                start: piece.buffer.baseAddress + piece.range.lowerBound,
                count: piece.range.count)
            return withExtendedLifetime(piece.buffer) { CanonicalText(dialect, text).block }
        }
        return TextBlock(piece.buffer, piece.range, fileOffset: -1, dialect.masks)
    }
}
