import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds strings as codes of the pieces that they are put together from, so that any of them is read
/// without its neighbours, at the price of a 16-byte copy a piece.
///
///   texts := pieces, extents of the codes of strings, codes (sequence)
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextPieceValues: BlockValues, @unchecked Sendable {
    private static let pieceByteCountMax = PieceDictionary.pieceByteCountMax

    private let extents: Extents
    private let codes: IntegerSequence
    private let pieces: PieceDictionary
    /// Keeps the bytes that `extents` and `codes` view.
    private let owner: Buffer

    init(_ bytes: BlockBytes) throws(StarlingError) {
        pieces = try PieceDictionary(bytes)
        extents = try Extents(bytes.body(from: pieces.byteCount))
        codes = try IntegerSequence(bytes.body(from: pieces.byteCount + extents.byteCount))
        owner = bytes.buffer
        guard bytes.physicalType == .string, extents.count == bytes.rowCount,
            extents.total == codes.count, codes.isBelow(pieces.count)
        else { throw blockDamage("its strings and its pieces don't belong together") }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        try put(together: Window(rows, extents).reading(codes))
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        let window = Window(rows, extents)
        // A row's codes cost a run of 1,024, or two.
        if selection.count * 2 * packedCount < window.codeCount {
            return try put(together: window.picking(selection, from: codes))
        }
        return try put(together: window.reading(codes).kept(by: selection))
    }

    /// Counts the codes of some rows.
    private struct Window {
        let rowCount: Int
        let counts: Buffer
        let start: Int
        let codeCount: Int

        init(_ rows: Range<Int>, _ extents: Extents) {
            rowCount = rows.count
            counts = Buffer(byteCount: max(8, rows.count * 4))
            let counts = counts.pointer(to: UInt32.self)
            extents.lengths.read(rows, into: counts)
            start = extents.start(of: rows.lowerBound)
            var codeCount = 0
            for row in 0..<rows.count { codeCount &+= Int(counts[row]) }
            self.codeCount = codeCount
        }

        func reading(_ sequence: IntegerSequence) -> Codes {
            let codes = Buffer(byteCount: max(8, codeCount * 2))
            sequence.read(start..<(start + codeCount), into: codes.pointer(to: UInt16.self))
            return Codes(rowCount: rowCount, counts: counts, codes: codes, codeCount: codeCount)
        }

        /// Reads the codes of selected rows alone.
        func picking(_ selection: Selection, from sequence: IntegerSequence) -> Codes {
            let counts = counts.pointer(to: UInt32.self)
            let codes = Buffer(byteCount: max(8, codeCount * 2))
            var (row, source, target) = (0, start, 0)
            for place in 0..<selection.count {
                while row < Int(selection.rows[place]) {
                    source &+= Int(counts[row])
                    row &+= 1
                }
                let count = Int(counts[row])
                sequence.read(
                    source..<(source + count), into: codes.pointer(to: UInt16.self) + target)
                counts[place] = UInt32(count)
                (row, source, target) = (row &+ 1, source &+ count, target &+ count)
            }
            return Codes(
                rowCount: selection.count, counts: self.counts, codes: codes, codeCount: target)
        }
    }

    /// The codes of some rows, one row's behind the other's.
    private struct Codes {
        let rowCount: Int
        let counts: Buffer
        let codes: Buffer
        let codeCount: Int

        /// Brings the codes of selected rows together.
        func kept(by selection: Selection) -> Codes {
            let (counts, codes) = (counts.pointer(to: UInt32.self), codes.pointer(to: UInt16.self))
            var (row, source, target) = (0, 0, 0)
            for place in 0..<selection.count {
                while row < Int(selection.rows[place]) {
                    source &+= Int(counts[row])
                    row &+= 1
                }
                let count = Int(counts[row])
                (codes + target).update(from: codes + source, count: count)
                counts[place] = UInt32(count)
                (row, source, target) = (row &+ 1, source &+ count, target &+ count)
            }
            return Codes(
                rowCount: selection.count, counts: self.counts, codes: self.codes,
                codeCount: target)
        }
    }

    private func put(together texts: Codes) throws(StarlingError) -> Vector {
        let (rowCount, codeCount) = (texts.rowCount, texts.codeCount)
        let counts = texts.counts.pointer(to: UInt32.self)
        let codes = texts.codes.pointer(to: UInt16.self)
        let (pieces, lengths) = (pieces.start, pieces.lengths)
        var byteCount = 0
        for place in 0..<codeCount { byteCount &+= Int(lengths[Int(codes[place])]) }
        guard byteCount <= Int(UInt32.max) else {
            throw blockDamage("\(rowCount) of its strings have \(byteCount) bytes")
        }
        // A piece is copied with what may stand behind it.
        let texts = Buffer(byteCount: byteCount + Self.pieceByteCountMax)
        var vector = Vector(uninitialized: .string, count: rowCount)
        let target = vector.pointer(to: StringReference.self)
        var end = texts.baseAddress
        var place = 0
        for row in 0..<rowCount {
            let start = end
            let rowEnd = place &+ Int(counts[row])
            while place < rowEnd {
                let code = Int(codes[place])
                let piece = pieces.load(
                    fromByteOffset: code &* Self.pieceByteCountMax, as: SIMD16<UInt8>.self)
                end.storeBytes(of: piece, as: SIMD16<UInt8>.self)
                end += Int(lengths[code])
                place &+= 1
            }
            target[row] = StringReference(padded: start, count: end - start)
        }
        vector.owner = texts
        return vector
    }
}
