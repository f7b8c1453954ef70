// Columns of booleans: bits in the file, bytes of 0 and 1 in vectors.

import StarlingMemory
import StarlingVectors

/// Decodes BOOLEAN columns.
final class BooleanDecoder: ColumnDecoder {
    private var bits: BitRunDecoder?
    private var output = Buffer(byteCount: 0)
    private var count = 0
    private let scratch = Buffer(byteCount: chunkCapacity / 8)

    override func open(_ page: OpenPage) throws(ParquetDamage) {
        switch page.encoding {
        case 0: bits = BitRunDecoder(bits: page.values, byteCount: page.valueByteCount)
        case 3:
            guard page.valueByteCount >= 4 else {
                bits = BitRunDecoder(runs: page.values, byteCount: 0)
                return
            }
            let length = Int(page.values.loadUnaligned(as: UInt32.self))
            guard length <= page.valueByteCount - 4 else { throw Self.tooShort }
            bits = BitRunDecoder(runs: page.values + 4, byteCount: length)
        default: throw Self.unknownEncoding(page.encoding)
        }
    }

    override func start(count: Int) {
        self.count = count
        output = Buffer(byteCount: count)
    }

    override func skip(_ count: Int) throws(ParquetDamage) {
        guard bits?.skip(count) != nil else { throw Self.tooShort }
    }

    private func readBits(_ count: Int) throws(ParquetDamage) -> UnsafeMutablePointer<UInt64> {
        let words = scratch.pointer(to: UInt64.self)
        words.update(repeating: 0, count: (count + 63) / 64)
        guard bits?.decode(count, into: words, at: 0) != nil else { throw Self.tooShort }
        return words
    }

    override func decode(_ count: Int, at position: Int) throws(ParquetDamage) {
        let words = try readBits(count)
        let target = output.pointer(to: Int8.self) + position
        for index in 0..<count {
            let bit = words[index &>> 6] &>> UInt64(index & 63)
            target[index] = Int8(truncatingIfNeeded: bit & 1)
        }
    }

    override func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {
        let words = try readBits(span)
        let target = output.pointer(to: Int8.self) + position
        for index in 0..<count {
            let row = Int(rows[index]) &- base
            target[index] = Int8(truncatingIfNeeded: (words[row &>> 6] &>> UInt64(row & 63)) & 1)
        }
    }

    override func spread(
        _ valueCount: Int, over count: Int, at position: Int, validity: UnsafePointer<UInt64>
    ) {
        spreadValues(
            output.baseAddress + position, valueCount, over: count, at: position,
            validity: validity, byteWidth: 1)
    }

    override func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        Vector(.int8, count: count, buffer: output, validity: validity)
    }
}
