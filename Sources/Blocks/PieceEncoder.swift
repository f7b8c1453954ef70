import StarlingMemory

/// Encodes strings as codes of the pieces that they are put together from.
struct PieceEncoder {
    /// As much of a column is learned from.
    private static let sampleByteCount = 1 << 20
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
        let found = Buffer(byteCount: max(2, texts.byteCount(of: 0..<rowCount) * 2))
        let codeCount = split(rowCount, into: found.pointer(to: UInt16.self)) { _, _ in }
        return codeCount * (Int.bitWidth - (table.count - 1).leadingZeroBitCount) / 8
    }

    func append(to writer: ByteWriter) {
        let found = Buffer(byteCount: max(2, texts.byteCount * 2))
        let pieceCounts = Buffer(byteCount: max(8, texts.count * 8))
        let counts = pieceCounts.pointer(to: Int64.self)
        let source = found.pointer(to: UInt16.self)
        let codeCount = split(texts.count, into: source) { counts[$0] = Int64($1) }

        // Only pieces that occur are kept.
        var codes: [Int64] = Array(repeating: -1, count: table.count)
        for place in 0..<codeCount { codes[Int(source[place])] = 0 }
        let pieces = codes.indices.filter { codes[$0] == 0 }.sorted(by: table.ascends)
        for (code, piece) in pieces.enumerated() { codes[piece] = Int64(code) }
        let numbers = Buffer(byteCount: max(8, codeCount * 8))
        let target = numbers.pointer(to: Int64.self)
        for place in 0..<codeCount { target[place] = codes[Int(source[place])] }
        PieceDictionary.append(pieces, of: table, to: writer)
        BlockEncoder.appendExtents(counts, count: texts.count, to: writer)
        IntegerSequenceWriter.write(target, count: codeCount, into: writer)
        withExtendedLifetime((found, pieceCounts, numbers)) {}
    }

    /// Cuts strings into pieces, tells of each row how many it has, and returns how many all have.
    private func split(
        _ rowCount: Int, into pieces: UnsafeMutablePointer<UInt16>, count: (Int, Int) -> Void
    ) -> Int {
        let (start, lengths, table) = (texts.start, texts.lengths, table)
        var (offset, codeCount) = (0, 0)
        for row in 0..<rowCount {
            let length = Int(lengths[row])
            let found = table.cut(start + offset, count: length, into: pieces + codeCount)
            count(row, found)
            codeCount &+= found
            offset &+= length
        }
        return codeCount
    }
}
