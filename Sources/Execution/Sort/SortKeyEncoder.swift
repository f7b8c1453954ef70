// Turns the key columns of a chunk into the words that `SortKeyLayout` describes, one field at a
// time over all rows.

import StarlingTypes
import StarlingVectors

/// Gives the code of one value; NULL, direction and packing are the loop's.
private protocol SortCode<Element> {
    associatedtype Element: BitwiseCopyable
    static func code(_ value: Element, base: UInt64) -> UInt64
}

private enum BoundedCode<Element: FixedWidthInteger & BitwiseCopyable>: SortCode {
    @inline(__always)
    static func code(_ value: Element, base: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: value) &- base
    }
}

private enum SignedCode: SortCode {
    @inline(__always)
    static func code(_ value: Int64, base: UInt64) -> UInt64 {
        UInt64(bitPattern: value) ^ (1 &<< 63)
    }
}

private enum HighHalfCode: SortCode {
    @inline(__always)
    static func code(_ value: Int128, base: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: value &>> 64) ^ (1 &<< 63)
    }
}

private enum LowHalfCode: SortCode {
    @inline(__always)
    static func code(_ value: Int128, base: UInt64) -> UInt64 { UInt64(truncatingIfNeeded: value) }
}

/// Orders -0 as 0 and every NaN above infinity.
private enum FloatCode: SortCode {
    @inline(__always)
    static func code(_ value: Float, base: UInt64) -> UInt64 {
        let bits = value == 0 ? 0 : value != value ? Float.nan.bitPattern : value.bitPattern
        return UInt64(bits &>> 31 == 0 ? bits | (1 &<< 31) : ~bits)
    }
}

private enum DoubleCode: SortCode {
    @inline(__always)
    static func code(_ value: Double, base: UInt64) -> UInt64 { value.orderingCode }
}

extension Double {
    /// Orders as the number does, -0 as 0 and every NaN above infinity.
    @inline(__always)
    var orderingCode: UInt64 {
        let bits = self == 0 ? 0 : self != self ? Double.nan.bitPattern : bitPattern
        return bits &>> 63 == 0 ? bits | (1 &<< 63) : ~bits
    }
}

/// Writes the key words of chunks, word by word: word w of row i is `words[w * stride + i]`.
package struct SortKeyEncoder {
    let layout: SortKeyLayout

    package init(layout: SortKeyLayout) { self.layout = layout }

    package func encode(_ chunk: Chunk, into words: UnsafeMutablePointer<UInt64>, stride: Int) {
        for word in 0..<layout.wordCount {
            (words + word * stride).update(repeating: 0, count: chunk.count)
        }
        for field in layout.fields {
            let vector = chunk.columns[layout.keys[field.key].position]
            let target = words + field.word * stride
            if case .flag = field.source {
                encodeFlag(field, vector, target)
            } else {
                encodeValue(field, vector, target)
            }
        }
    }

    private func encodeFlag(
        _ field: SortField, _ vector: Vector, _ words: UnsafeMutablePointer<UInt64>
    ) {
        let view = DecodedVector(vector)
        for row in 0..<vector.count {
            words[row] |= (view.isValid(row) ? field.addend : field.nullCode) &<< field.shift
        }
    }

    private func encodeValue(
        _ field: SortField, _ vector: Vector, _ words: UnsafeMutablePointer<UInt64>
    ) {
        switch (vector.physicalType, field.source) {
        case (.string, _): encodeTexts(field, vector, words)
        case (.float32, _): encodeAll(field, vector, words, FloatCode.self)
        case (.float64, _): encodeAll(field, vector, words, DoubleCode.self)
        case (.int8, _): encodeAll(field, vector, words, BoundedCode<Int8>.self)
        case (.int16, _): encodeAll(field, vector, words, BoundedCode<Int16>.self)
        case (.int32, _): encodeAll(field, vector, words, BoundedCode<Int32>.self)
        case (.int64, .boundedValue): encodeAll(field, vector, words, BoundedCode<Int64>.self)
        case (.int64, _): encodeAll(field, vector, words, SignedCode.self)
        case (.int128, .boundedValue): encodeAll(field, vector, words, BoundedCode<Int128>.self)
        case (.int128, .highHalf): encodeAll(field, vector, words, HighHalfCode.self)
        case (.int128, _): encodeAll(field, vector, words, LowHalfCode.self)
        case (.list, _), (.structure, _): break
        }
    }

    private func encodeTexts(
        _ field: SortField, _ vector: Vector, _ words: UnsafeMutablePointer<UInt64>
    ) {
        let coder = TextCoder(layout.keys[field.key].origin?.prefix(vector) ?? [])
        let view = DecodedVector(vector)
        let values = view.values.assumingMemoryBound(to: StringReference.self)
        let flip: UInt64 = field.isMirrored ? .max : 0
        let (drop, mask, shift) = (field.drop, field.mask, field.shift)
        // The values of a dictionary are fewer than the rows, mostly.
        if let count = vector.dictionary?.count, count <= vector.count, let codes = view.codes {
            let known = (0..<count).map { ((coder.code(values[$0]) ^ flip) &>> drop) & mask }
            for row in 0..<vector.count where view.isValid(row) {
                words[row] |= known[Int(codes[row])] &<< shift
            }
            return
        }
        for row in 0..<vector.count where view.isValid(row) {
            let code = coder.code(values[view.index(row)]) ^ flip
            words[row] |= ((code &>> drop) & mask) &<< shift
        }
    }

    private func encodeAll<Code: SortCode>(
        _ field: SortField, _ vector: Vector, _ words: UnsafeMutablePointer<UInt64>, _: Code.Type
    ) {
        let view = DecodedVector(vector)
        let values = view.values.assumingMemoryBound(to: Code.Element.self)
        let flip: UInt64 = field.isMirrored ? .max : 0
        // Mirroring is top - code, and -code is ~code + 1.
        let offset = field.isMirrored ? field.top &+ 1 &+ field.addend : field.addend
        let (base, drop, mask, shift) = (field.base, field.drop, field.mask, field.shift)
        if vector.isFlat && view.validityWords == nil {
            for row in 0..<vector.count {
                let code = (Code.code(values[row], base: base) ^ flip) &+ offset
                words[row] |= ((code &>> drop) & mask) &<< shift
            }
            return
        }
        for row in 0..<vector.count {
            var code = field.nullCode
            if view.isValid(row) {
                code = (Code.code(values[view.index(row)], base: base) ^ flip) &+ offset
            }
            words[row] |= ((code &>> drop) & mask) &<< shift
        }
    }
}
