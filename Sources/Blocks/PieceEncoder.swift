import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes strings as codes of the pieces that they are put together from.
struct PieceEncoder {
    /// As much of a column is learned from.
    private static let sampleByteCount = 1 << 19
    /// As much of one string.
    private static let sampleTextMax = 4_096

    private let texts: ConcatenatedTexts
    private let table: PieceTable

    init(_ texts: ConcatenatedTexts) {
        self.texts = texts
        var trainer = PieceTrainer()
        let step = max(1, texts.byteCount / Self.sampleByteCount)
        var offset = 0
        for row in 0..<texts.count {
            let length = Int(texts.lengths[row])
            if row % step == 0 {
                trainer.learn(
                    UnsafeRawBufferPointer(
                        start: texts.start + offset, count: min(length, Self.sampleTextMax)))
            }
            offset += length
        }
        table = trainer.table
    }

    /// The bytes that the codes of the first `rowCount` strings would take.
    func codeByteCount(rowCount: Int) -> Int {
        var (offset, codeCount) = (0, 0)
        for row in 0..<rowCount {
            let end = offset + Int(texts.lengths[row])
            while offset < end {
                offset += table.longestPiece(of: texts.start + offset, count: end - offset).length
                codeCount += 1
            }
        }
        return codeCount * (Int.bitWidth - (table.count - 1).leadingZeroBitCount) / 8
    }

    func append(to writer: ByteWriter) {
        let found = Buffer(byteCount: max(2, texts.byteCount * 2))
        let counts = Buffer(byteCount: max(8, texts.count * 8))
        let codeCount = split(into: found.pointer(to: UInt16.self), counts.pointer(to: Int64.self))

        // Only pieces that occur are kept.
        var codes: [Int64] = Array(repeating: -1, count: table.count)
        var pieces: [Int] = []
        let numbers = Buffer(byteCount: max(8, codeCount * 8))
        let target = numbers.pointer(to: Int64.self)
        let source = found.pointer(to: UInt16.self)
        for place in 0..<codeCount {
            let piece = Int(source[place])
            if codes[piece] < 0 {
                codes[piece] = Int64(pieces.count)
                pieces.append(piece)
            }
            target[place] = codes[piece]
        }
        BlockEncoder.appendNested(dictionary(of: pieces), for: .memory, to: writer)
        BlockEncoder.appendExtents(counts.pointer(to: Int64.self), count: texts.count, to: writer)
        IntegerSequenceWriter.write(target, count: codeCount, into: writer)
    }

    private func split(
        into pieces: UnsafeMutablePointer<UInt16>, _ counts: UnsafeMutablePointer<Int64>
    ) -> Int {
        let (start, lengths, table) = (texts.start, texts.lengths, table)
        var (offset, codeCount) = (0, 0)
        for row in 0..<texts.count {
            let end = offset &+ Int(lengths[row])
            let first = codeCount
            while offset < end {
                let (piece, length) = table.longestPiece(
                    of: start + offset, count: end &- offset)
                pieces[codeCount] = UInt16(truncatingIfNeeded: piece)
                codeCount &+= 1
                offset &+= length
            }
            counts[row] = Int64(codeCount &- first)
        }
        return codeCount
    }

    private func dictionary(of pieces: [Int]) -> Vector {
        var vector = Vector(uninitialized: .string, count: pieces.count)
        let target = vector.pointer(to: StringReference.self)
        for (place, piece) in pieces.enumerated() {
            let text = table.text(of: piece)
            target[place] = StringReference(text.baseAddress.unsafelyUnwrapped, count: text.count)
        }
        vector.owner = table
        return vector
    }
}
