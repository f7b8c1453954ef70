// The buffers of a column: values of all chunks one behind the other, NULLs as zeros or as they are.

import CPlatform
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
        let flat = vectors.map(references)
        var total = 0
        for vector in flat {
            total += starling_count_text_bytes(vector.pointer(to: UInt8.self), vector.count).all
        }
        guard total <= Int(Int32.max) else {
            throw StarlingError(
                .unsupported,
                "the texts of a record batch have \(total) bytes, and Arrow holds 2 GB at most; "
                    + "lower batch_size")
        }
        let offsets = Buffer(byteCount: (rowCount + 1) * 4)
        let ends = offsets.pointer(to: UInt32.self)
        let bytes = Buffer(byteCount: total)
        ends[0] = 0
        var row = 0
        for vector in flat {
            let start = ends[row]
            starling_join_texts(
                vector.pointer(to: UInt8.self), vector.count,
                bytes.pointer(to: UInt8.self) + Int(start), start, ends + (row + 1))
            row += vector.count
        }
        withExtendedLifetime(flat) {}
        return (
            ArrowBytes(offsets, count: (rowCount + 1) * 4), ArrowBytes(bytes, count: total)
        )
    }

    /// Returns one reference a row, empty ones where there is no text.
    private static func references(_ vector: Vector) -> Vector {
        let flat = vector.flattened()
        guard let validity = flat.validity else { return flat }
        let result = Vector(uninitialized: .string, count: flat.count)
        let source = flat.pointer(to: StringReference.self)
        let target = result.pointer(to: StringReference.self)
        for row in 0..<flat.count {
            target[row] = validity.isValid(row) ? source[row] : .empty
        }
        var owned = result
        owned.owner = flat.owner
        return owned
    }
}
