// The buffers of a column: values of all chunks one behind the other, NULLs as zeros or as they are.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArrowColumnBytes {
    /// Makes a bit a row, set where there is a value; no bytes at all where all rows have one.
    static func validity(_ vectors: [Vector], rowCount: Int) -> (bytes: ArrowBytes, nullCount: Int)
    {
        guard vectors.contains(where: { $0.validity != nil }) else { return (.empty, 0) }
        let mask = Validity(count: rowCount, allValid: true)
        var start = 0
        var validCount = 0
        for vector in vectors {
            if let validity = vector.validity {
                if vector.isConstant {
                    if !validity.isValid(0) {
                        for row in start..<(start + vector.count) { mask.setNull(row) }
                    }
                } else {
                    clear(mask, from: start, validity, count: vector.count)
                }
            }
            start += vector.count
        }
        validCount = mask.validCount(of: rowCount)
        if validCount == rowCount { return (.empty, 0) }
        // The bits behind the last row are of no row.
        let last = rowCount % 64
        if last > 0 { mask.words[rowCount / 64] &= (1 << UInt64(last)) - 1 }
        return (ArrowBytes(mask.buffer, count: (rowCount + 7) / 8), rowCount - validCount)
    }

    /// Clears the bits of NULLs, a word at a time.
    private static func clear(
        _ mask: Validity, from start: Int, _ validity: Validity, count: Int
    ) {
        let target = mask.words
        let shift = UInt64(start % 64)
        for word in 0..<Validity.wordCount(for: count) {
            var nulls = ~validity.words[word]
            let left = count - 64 * word
            if left < 64 { nulls &= (1 << UInt64(left)) - 1 }
            if nulls == 0 { continue }
            let place = start / 64 + word
            target[place] &= ~(nulls << shift)
            let rest = shift == 0 ? 0 : nulls >> (64 - shift)
            if rest != 0 { target[place + 1] &= ~rest }
        }
    }

    /// Copies values of a fixed width, integers in the layout that is given.
    static func values(
        _ vectors: [Vector], rowCount: Int, as type: PhysicalType
    ) -> Buffer {
        let width = type.byteWidth
        let buffer = Buffer(byteCount: rowCount * width)
        var place = buffer.baseAddress
        for vector in vectors {
            let flat = vector.flattened()
            let wide = flat.physicalType == type ? flat : flat.withIntegerLayout(type)
            place.copyMemory(
                from: wide.pointer(to: UInt8.self), byteCount: vector.count * width)
            place += vector.count * width
        }
        return buffer
    }

    /// Packs bytes of 0 or 1 into bits.
    static func bits(_ vectors: [Vector], rowCount: Int) -> ArrowBytes {
        let bytes = values(vectors, rowCount: rowCount, as: .int8)
        // Whole words are packed, also at the end.
        (bytes.baseAddress + rowCount).initializeMemory(as: UInt8.self, repeating: 0, count: 8)
        let byteCount = (rowCount + 7) / 8
        let result = Buffer(byteCount: byteCount)
        let (words, target) = (bytes.pointer(to: UInt64.self), result.pointer(to: UInt8.self))
        for index in 0..<byteCount {
            let low = words[index] & 0x0101_0101_0101_0101
            target[index] = UInt8(truncatingIfNeeded: (low &* 0x0102_0408_1020_4080) &>> 56)
        }
        withExtendedLifetime(bytes) {}
        return ArrowBytes(result, count: byteCount)
    }

    /// Copies texts one behind the other; the offsets tell where each begins.
    static func texts(
        _ vectors: [Vector], rowCount: Int
    ) throws(StarlingError) -> (offsets: ArrowBytes, bytes: ArrowBytes) {
        let offsets = Buffer(byteCount: (rowCount + 1) * 4)
        let ends = offsets.pointer(to: Int32.self)
        ends[0] = 0
        var (row, total) = (0, 0)
        for vector in vectors {
            let view = DecodedVector(vector)
            for position in 0..<vector.count {
                if view.isValid(position) {
                    total &+= view.value(position, as: StringReference.self).count
                }
                row &+= 1
                ends[row] = Int32(truncatingIfNeeded: total)
            }
        }
        guard total <= Int(Int32.max) else {
            throw StarlingError(
                .unsupported,
                "the texts of a record batch have \(total) bytes, and Arrow holds 2 GB at most; "
                    + "lower batch_size")
        }
        let bytes = Buffer(byteCount: total)
        var place = bytes.baseAddress
        for vector in vectors {
            let view = DecodedVector(vector)
            for position in 0..<vector.count where view.isValid(position) {
                let text = view.value(position, as: StringReference.self)
                if text.isInline {
                    // What is written too much is overwritten, or lies behind the end.
                    place.storeBytes(
                        of: UInt32(truncatingIfNeeded: text.head &>> 32), as: UInt32.self)
                    place.storeBytes(of: text.tail, toByteOffset: 4, as: UInt64.self)
                } else {
                    place.copyMemory(from: text.address, byteCount: text.count)
                }
                place += text.count
            }
            withExtendedLifetime(vector) {}
        }
        return (
            ArrowBytes(offsets, count: (rowCount + 1) * 4), ArrowBytes(bytes, count: total)
        )
    }
}
