// The text of a file that cannot be cut, in pieces with whole rows: what lies behind the last whole row
// is the beginning of the next piece.

import StarlingErrors
import StarlingMemory
import StarlingStreams

/// Cuts a stream into pieces.
final class StreamPieces: TextPieceSource {
    static let byteCount = 1 << 20

    private let stream: any ByteStream
    private let dialect: CSVDialect
    private let path: String
    private let pieceByteCount: Int
    private var rest: [UInt8] = []
    private var isAtEnd = false
    /// Bytes of the header, which the first piece begins with.
    private var skipped: Int
    private var lineCount = 0

    private let budget: MemoryBudget

    init(_ file: CSVFile, _ budget: MemoryBudget) throws(StarlingError) {
        self.budget = budget
        stream = try makeStream(
            file.file, compression: file.compression, encoding: file.encoding)
        dialect = file.layout.dialect
        path = file.path
        skipped = file.layout.dataStart
        pieceByteCount = file.pieceByteCount
    }

    func next() throws(StarlingError) -> TextPiece? {
        var wanted = pieceByteCount
        while !isAtEnd || !rest.isEmpty {
            let byteCount = TextBlock.margin * 2 + rest.count + wanted
            let buffer =
                rest.count < pieceByteCount
                ? Buffer(byteCount: byteCount)
                : try Buffer(byteCount: byteCount, within: budget, for: CSVFile.largeRow)
            let text = buffer.baseAddress + TextBlock.margin
            rest.withUnsafeBytes { bytes in
                if let first = bytes.baseAddress {
                    text.copyMemory(from: first, byteCount: bytes.count)
                }
            }
            let read = try stream.readFully(into: text + rest.count, count: wanted)
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
            if skipped > 0 { lineCount += newlines(all[..<first]) }
            skipped = 0
            rest = Array(all[end...])
            let linesBefore = lineCount
            lineCount += newlines(all[first..<end])
            guard end > first else { return nil }
            let margin = TextBlock.margin
            return TextPiece(
                buffer, (first + margin)..<(end + margin), lineCount: linesBefore)
        }
        return nil
    }

    private func newlines(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
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
}
