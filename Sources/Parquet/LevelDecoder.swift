// Definition and repetition levels of nested columns as a byte each.

import StarlingMemory

/// Decodes levels.
enum LevelDecoder {
    /// Counts the bits of levels up to `maximum`.
    static func width(_ maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

    /// Decodes `count` levels of the run-length and bit-packing hybrid.
    static func decodeRuns(
        _ start: UnsafeRawPointer, byteCount: Int, maximum: Int, count: Int
    ) throws(ParquetDamage) -> Buffer {
        let result = Buffer(byteCount: max(1, count))
        let levels = result.pointer(to: UInt8.self)
        var runs = HybridDecoder(start, byteCount: byteCount, width: width(maximum))
        let step = 1_024
        // Blocks of values are written whole, beyond the last one.
        let scratch = Buffer(byteCount: step * 4 + 128)
        let wide = scratch.pointer(to: UInt32.self)
        var done = 0
        var greatest: UInt32 = 0
        while done < count {
            let batch = min(step, count - done)
            guard runs.decode(batch, into: wide) else { throw ColumnDecoder.tooShort }
            for index in 0..<batch {
                greatest = max(greatest, wide[index])
                levels[done &+ index] = UInt8(truncatingIfNeeded: wide[index])
            }
            done += batch
        }
        withExtendedLifetime(scratch) {}
        guard greatest <= UInt32(maximum) else {
            throw ParquetDamage("a page has a level that the schema doesn't have")
        }
        return result
    }

    /// Decodes `count` levels of the deprecated BIT_PACKED form, which counts bits from the
    /// highest. `byteCount` covers them.
    static func decodeBits(
        _ start: UnsafeRawPointer, byteCount: Int, maximum: Int, count: Int
    ) throws(ParquetDamage) -> Buffer {
        let result = Buffer(byteCount: max(1, count))
        let levels = result.pointer(to: UInt8.self)
        let width = width(maximum)
        for index in 0..<count {
            var level = 0
            for bit in (index * width)..<((index + 1) * width) {
                let byte = start.load(fromByteOffset: bit >> 3, as: UInt8.self)
                level = level << 1 | Int(byte >> UInt8(7 - bit & 7)) & 1
            }
            guard level <= maximum else {
                throw ParquetDamage("a page has a level that the schema doesn't have")
            }
            levels[index] = UInt8(level)
        }
        return result
    }
}
