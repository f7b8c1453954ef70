import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds strings as codes of the pieces that they are put together from, so that any of them is read
/// without its neighbours, at the price of a 16-byte copy a piece.
///
///   texts := byte count of the block (8), a block of the pieces, extents of the codes of strings,
///       codes (sequence)
///
/// `@unchecked Sendable`: the bytes are never written again.
final class TextPieceValues: BlockValues, @unchecked Sendable {
    private static let pieceByteCountMax = PieceTable.byteCountMax

    private let extents: Extents
    private let codes: IntegerSequence
    /// The pieces, 16 bytes each.
    private let pieces: Buffer
    private let lengths: Buffer
    /// Keeps the bytes that `extents` and `codes` view.
    private let owner: Buffer

    init(_ bytes: BlockBytes) throws(StarlingError) {
        let block = try nestedBlock(bytes, at: 0)
        extents = try Extents(bytes.body(from: 8 + block.byteCount))
        codes = try IntegerSequence(bytes.body(from: 8 + block.byteCount + extents.byteCount))
        guard bytes.physicalType == .string, extents.count == bytes.rowCount,
            extents.total == codes.count, block.physicalType == .string, block.nullCount == 0,
            block.rowCount <= PieceTable.pieceCountMax, codes.isBelow(block.rowCount)
        else { throw blockDamage("its strings and its pieces don't belong together") }
        let strings = try block.read(0..<block.rowCount, as: .string).flattened()
        pieces = Buffer(byteCount: max(16, block.rowCount * Self.pieceByteCountMax))
        lengths = Buffer(byteCount: max(16, block.rowCount))
        owner = bytes.buffer
        for piece in 0..<block.rowCount {
            let string = strings.pointer(to: StringReference.self)[piece]
            guard string.count <= Self.pieceByteCountMax else {
                throw blockDamage("piece \(piece) has \(string.count) bytes")
            }
            lengths.pointer(to: UInt8.self)[piece] = UInt8(string.count)
            string.withBytes {
                UnsafeMutableRawBufferPointer(
                    start: pieces.baseAddress + piece * Self.pieceByteCountMax, count: $0.count
                ).copyMemory(from: $0)
            }
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) throws(StarlingError) -> Vector {
        let window = Window(rows, extents, codes)
        return try put(together: window, rowCount: rows.count, codeCount: window.codeCount)
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        let window = Window(rows, extents, codes)
        let codeCount = window.keep(selection)
        return try put(together: window, rowCount: selection.count, codeCount: codeCount)
    }

    /// The codes of some rows, one row's behind the other's.
    private struct Window {
        let counts: Buffer
        let codes: Buffer
        let codeCount: Int

        init(_ rows: Range<Int>, _ extents: Extents, _ sequence: IntegerSequence) {
            counts = Buffer(byteCount: max(8, rows.count * 4))
            let counts = counts.pointer(to: UInt32.self)
            extents.lengths.read(rows, into: counts)
            let start = extents.start(of: rows.lowerBound)
            var codeCount = 0
            for row in 0..<rows.count { codeCount &+= Int(counts[row]) }
            self.codeCount = codeCount
            codes = Buffer(byteCount: max(8, codeCount * 2))
            sequence.read(start..<(start + codeCount), into: codes.pointer(to: UInt16.self))
        }

        /// Brings the codes of selected rows together and returns how many there are.
        func keep(_ selection: Selection) -> Int {
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
            return target
        }
    }

    private func put(
        together window: Window, rowCount: Int, codeCount: Int
    ) throws(StarlingError) -> Vector {
        let (counts, codes) = (
            window.counts.pointer(to: UInt32.self), window.codes.pointer(to: UInt16.self)
        )
        let (pieces, lengths) = (pieces.baseAddress, lengths.pointer(to: UInt8.self))
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
