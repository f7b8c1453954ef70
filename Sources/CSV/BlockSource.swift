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
        let block = try boundaries.load(part)
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

/// Gives blocks of a stream: what lies behind the last whole row is the beginning of the next block.
final class StreamBlocks: BlockSource {
    private static let blockByteCount = 1 << 20

    private let stream: any ByteStream
    private let dialect: CSVDialect
    private let path: String
    private var rest: [UInt8] = []
    private var isAtEnd = false
    /// Bytes of the header, which the first block begins with.
    private var skipped: Int
    private var lineCount = 0
    private var lastLineCount = 0

    init(_ file: CSVFile) throws(StarlingError) {
        stream = try makeStream(
            file.file, compression: file.compression, encoding: file.encoding)
        dialect = file.layout.dialect
        path = file.path
        skipped = file.layout.dataStart
    }

    func lineCount(before block: TextBlock) throws(StarlingError) -> Int { lastLineCount }

    func next(_ context: ScanContext) throws(StarlingError) -> TextBlock? {
        var wanted = Self.blockByteCount
        while !isAtEnd || !rest.isEmpty {
            let buffer = Buffer(
                byteCount: TextBlock.margin * 2 + rest.count + wanted)
            let text = buffer.baseAddress + TextBlock.margin
            rest.withUnsafeBytes { bytes in
                if let first = bytes.baseAddress {
                    text.copyMemory(from: first, byteCount: bytes.count)
                }
            }
            let read = try stream.readFully(into: text + rest.count, count: wanted)
            context.bytesRead.wrappingAdd(read, ordering: .relaxed)
            if read < wanted { isAtEnd = true }
            let all = UnsafeRawBufferPointer(start: text, count: rest.count + read)
            let first = min(skipped, all.count)
            let end = isAtEnd ? all.count : wholeRows(all, from: first)
            guard end > first || isAtEnd else {
                guard all.count < 1 << 30 else {
                    throw StarlingError(
                        .data,
                        "\(path): a row does not end within 1 GB; perhaps a quote is never closed")
                }
                rest = Array(all)
                wanted = all.count
                continue
            }
            if skipped > 0 { lineCount += Self.newlines(all[..<first], dialect) }
            skipped = 0
            rest = Array(all[end...])
            lastLineCount = lineCount
            lineCount += Self.newlines(all[first..<end], dialect)
            guard end > first else { return nil }
            return try block(buffer, first..<end)
        }
        return nil
    }

    private static func newlines(
        _ bytes: Slice<UnsafeRawBufferPointer>, _ dialect: CSVDialect
    ) -> Int {
        var count = 0
        let newline = dialect.newline[dialect.newline.count - 1]
        for byte in UnsafeRawBufferPointer(rebasing: bytes) where byte == newline { count += 1 }
        return count
    }

    /// Returns where the last whole row ends.
    private func wholeRows(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        if dialect.isSimple {
            let bytes = text.baseAddress!.assumingMemoryBound(to: UInt8.self)
            if let end = lastRowEnd(bytes, from: start, to: text.count, dialect) { return end }
        }
        var scanner = FieldScanner(dialect, text, from: start)
        while case .row = scanner.next(isWhole: false) {}
        return scanner.position
    }

    private func block(
        _ buffer: Buffer, _ range: Range<Int>
    ) throws(StarlingError) -> TextBlock {
        let margin = TextBlock.margin
        let inBuffer = (range.lowerBound + margin)..<(range.upperBound + margin)
        guard dialect.isSimple else {
            let text = UnsafeRawBufferPointer(
                start: buffer.baseAddress + inBuffer.lowerBound, count: inBuffer.count)
            return CanonicalText(dialect, text).block
        }
        return TextBlock(buffer, inBuffer, fileOffset: -1, dialect.masks)
    }
}
