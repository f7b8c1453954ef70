// The lines of a file that has to be read from its start, in pieces.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStreams

/// Cuts a stream into pieces of whole lines.
final class LineStream: TextPieceSource {
    private let stream: any ByteStream
    private let path: String
    private let pieceByteCount: Int
    private var rest: [UInt8] = []
    private var isAtEnd = false
    private var isFirst = true
    private var lineCount = 0

    private let budget: MemoryBudget

    init(
        _ stream: any ByteStream, _ path: String, pieceByteCount: Int, _ budget: MemoryBudget
    ) {
        self.budget = budget
        self.stream = stream
        self.path = path
        self.pieceByteCount = max(1, pieceByteCount)
    }

    func next() throws(StarlingError) -> TextPiece? {
        var wanted = pieceByteCount
        while !isAtEnd || !rest.isEmpty {
            let margin = JSONBlock.margin
            let byteCount = rest.count + wanted + 2 * margin
            let buffer =
                rest.count < pieceByteCount
                ? Buffer(byteCount: byteCount)
                : try Buffer(byteCount: byteCount, within: budget, for: JSONBlock.largeRecord)
            let text = buffer.baseAddress + margin
            rest.withUnsafeBytes { bytes in
                if let first = bytes.baseAddress {
                    text.copyMemory(from: first, byteCount: bytes.count)
                }
            }
            let read = try stream.readFully(into: text + rest.count, count: wanted)
            if read < wanted { isAtEnd = true }
            let all = UnsafeRawBufferPointer(start: text, count: rest.count + read)
            guard let end = isAtEnd ? all.count : all.lastIndex(of: 10).map({ $0 + 1 }) else {
                guard all.count < JSONBlock.recordByteCountMax else {
                    throw StarlingError(.data, "\(path): a record is larger than 1 GB")
                }
                rest = Array(all)
                // A record that is larger than a piece doubles what is read.
                wanted = all.count
                continue
            }
            rest = Array(all[end...])
            let start = isFirst && all.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            isFirst = false
            let linesBefore = lineCount
            for byte in all[..<end] where byte == 10 { lineCount += 1 }
            guard end > start else { return nil }
            return TextPiece(buffer, (margin + start)..<(margin + end), lineCount: linesBefore)
        }
        return nil
    }
}
