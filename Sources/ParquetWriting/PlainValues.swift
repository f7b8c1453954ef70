// The values of a column chunk as the bytes of the PLAIN encoding, NULLs left out, and from them
// dictionary and bounds.

import StarlingTypes
import StarlingVectors

/// Holds a column's values in the file's form.
struct PlainValues {
    /// Bytes of all values, one behind the other; texts without their lengths.
    private var bytes: [UInt8] = []
    /// Where each value begins, and at the end the end; nil for values of one width.
    private var offsets: [Int]?
    private let width: Int
    private var validity: [UInt32] = []
    private(set) var rowCount = 0
    private(set) var count = 0
    private let type: ParquetType

    struct Dictionary {
        var bytes: [UInt8] = []
        var count = 0
        var codes: [UInt32] = []
    }

    init(_ vectors: [Vector], _ type: ParquetType) {
        self.type = type
        switch type.storage {
        case .boolean: width = 1
        case .int32, .float: width = 4
        case .int64, .double: width = 8
        case .decimal128: width = 16
        case .bytes:
            width = 0
            offsets = [0]
        }
        for vector in vectors { append(vector) }
    }

    private mutating func append(_ vector: Vector) {
        let view = DecodedVector(vector)
        validity.reserveCapacity(validity.count + vector.count)
        for row in 0..<vector.count {
            let isValid = view.isValid(row)
            validity.append(isValid ? 1 : 0)
            if isValid { count += 1 }
        }
        rowCount += vector.count
        switch vector.physicalType {
        case .int8: appendIntegers(view, Int8.self)
        case .int16: appendIntegers(view, Int16.self)
        case .int32: appendIntegers(view, Int32.self)
        case .int64: appendIntegers(view, Int64.self)
        case .int128: appendIntegers(view, Int128.self)
        case .float32: appendBits(view, UInt32.self)
        case .float64: appendBits(view, UInt64.self)
        case .string: appendStrings(view)
        case .list, .structure: preconditionFailure("nested columns have no plain values")
        }
    }

    private mutating func appendIntegers<
        Element: FixedWidthInteger & SignedInteger & BitwiseCopyable
    >(
        _ view: DecodedVector, _ element: Element.Type
    ) {
        switch width {
        case 1: appendConverted(view, element) { UInt8(truncatingIfNeeded: $0) }
        case 4: appendConverted(view, element) { Int32(truncatingIfNeeded: $0).littleEndian }
        case 8: appendConverted(view, element) { Int64(truncatingIfNeeded: $0).littleEndian }
        default: appendConverted(view, element) { Int128(truncatingIfNeeded: $0).bigEndian }
        }
    }

    private mutating func appendBits<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ view: DecodedVector, _ bits: Bits.Type
    ) {
        appendConverted(view, bits) { $0.littleEndian }
    }

    @inline(__always)
    private mutating func appendConverted<Source: BitwiseCopyable, Target: BitwiseCopyable>(
        _ view: DecodedVector, _ source: Source.Type, _ convert: (Source) -> Target
    ) {
        var chunk: [Target] = []
        chunk.reserveCapacity(view.count)
        for row in 0..<view.count where view.isValid(row) {
            chunk.append(convert(view.value(row, as: source)))
        }
        chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func appendStrings(_ view: DecodedVector) {
        for row in 0..<view.count where view.isValid(row) {
            view.value(row, as: StringReference.self).withBytes { bytes.append(contentsOf: $0) }
            offsets!.append(bytes.count)
        }
    }

    /// Definition levels: 1 where there is a value.
    func levels(_ rows: Range<Int>) -> [UInt32] { Array(validity[rows]) }

    private func range(_ index: Int) -> Range<Int> {
        if let offsets { return offsets[index]..<offsets[index + 1] }
        return (index * width)..<((index + 1) * width)
    }

    /// The PLAIN encoding of some values.
    func plainBytes(_ values: Range<Int>) -> [UInt8] {
        if type.storage == .boolean { return packedBits(values) }
        guard offsets != nil else {
            return Array(bytes[(values.lowerBound * width)..<(values.upperBound * width)])
        }
        var result: [UInt8] = []
        for index in values { appendWithLength(range(index), to: &result) }
        return result
    }

    private func appendWithLength(_ range: Range<Int>, to result: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(range.count).littleEndian) { result.append(contentsOf: $0) }
        result.append(contentsOf: bytes[range])
    }

    private func packedBits(_ values: Range<Int>) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        for (place, index) in values.enumerated() where bytes[index] != 0 {
            result[place / 8] |= 1 << UInt8(place % 8)
        }
        return result
    }

    // MARK: Dictionary

    /// Finds the distinct values in the order of their first appearance, or returns nil where a
    /// dictionary would not pay.
    func dictionary(byteCountMaximum: Int) -> Dictionary? {
        guard type.storage != .boolean, count > 0 else { return nil }
        var result = Dictionary()
        result.codes.reserveCapacity(count)
        var table = CodeTable()
        var firsts: [Int] = []
        let pays = bytes.withUnsafeBytes { all -> Bool in
            for index in 0..<count {
                let own = range(index)
                let code = table.code(
                    of: UnsafeRawBufferPointer(rebasing: all[own]), next: UInt32(firsts.count)
                ) { UnsafeRawBufferPointer(rebasing: all[range(firsts[Int($0)])]) }
                if Int(code) == firsts.count {
                    firsts.append(index)
                    if offsets == nil {
                        result.bytes.append(contentsOf: all[own])
                    } else {
                        appendWithLength(own, to: &result.bytes)
                    }
                    // Mostly new values: codes would only be added to them.
                    let isPoor = index > 16_384 && firsts.count > index / 2
                    if result.bytes.count > byteCountMaximum || isPoor { return false }
                }
                result.codes.append(code)
            }
            return true
        }
        guard pays, firsts.count <= max(16, count * 3 / 4) else { return nil }
        result.count = firsts.count
        return result
    }

    // MARK: Bounds

    /// The least and greatest value in the order of the logical type, as the footer writes them.
    var bounds: (low: [UInt8]?, high: [UInt8]?) {
        guard count > 0 else { return (nil, nil) }
        switch type.storage {
        case .boolean: return extremes { bytes[$0] < bytes[$1] }
        case .int32: return numericBounds(Int32.self)
        case .int64: return numericBounds(Int64.self)
        case .decimal128:
            return extremes {
                number($0, Int128.self).bigEndian < number($1, Int128.self).bigEndian
            }
        case .float: return floatingBounds(Float.self, UInt32.self) { Float(bitPattern: $0) }
        case .double: return floatingBounds(Double.self, UInt64.self) { Double(bitPattern: $0) }
        case .bytes: return textBounds
        }
    }

    private func number<Number: BitwiseCopyable>(_ index: Int, _ type: Number.Type) -> Number {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * width, as: type) }
    }

    private func extremes(_ isLess: (Int, Int) -> Bool) -> ([UInt8]?, [UInt8]?) {
        var low = 0
        var high = 0
        for index in 1..<max(1, count) {
            if isLess(index, low) { low = index }
            if isLess(high, index) { high = index }
        }
        return (Array(bytes[range(low)]), Array(bytes[range(high)]))
    }

    private func numericBounds<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) -> ([UInt8]?, [UInt8]?) {
        bytes.withUnsafeBytes { all in
            var low = Number.max
            var high = Number.min
            for index in 0..<count {
                let value = all.loadUnaligned(
                    fromByteOffset: index * MemoryLayout<Number>.size, as: type)
                low = min(low, value)
                high = max(high, value)
            }
            return (
                withUnsafeBytes(of: low) { Array($0) }, withUnsafeBytes(of: high) { Array($0) }
            )
        }
    }

    /// No bounds where a NaN is, which has no place in the order; zeros carry the outer sign.
    private func floatingBounds<
        Number: BinaryFloatingPoint, Bits: FixedWidthInteger & BitwiseCopyable
    >(
        _ type: Number.Type, _ bits: Bits.Type, _ make: (Bits) -> Number
    ) -> ([UInt8]?, [UInt8]?) {
        var low = Number.infinity
        var high = -Number.infinity
        for index in 0..<count {
            let value = make(number(index, bits))
            if value.isNaN { return (nil, nil) }
            low = min(low, value)
            high = max(high, value)
        }
        if low == 0 { low = -Number.zero }
        if high == 0 { high = Number.zero }
        return (withUnsafeBytes(of: low) { Array($0) }, withUnsafeBytes(of: high) { Array($0) })
    }

    /// Long texts are cut: a prefix bounds from below, and from above with its last byte raised.
    private var textBounds: ([UInt8]?, [UInt8]?) {
        let (low, high) = extremes { left, right in
            bytes[range(left)].lexicographicallyPrecedes(bytes[range(right)])
        }
        guard let low, let high else { return (nil, nil) }
        // Cut texts would not be exact, and might end inside a character: leave them out.
        return (low.count <= 256 ? low : nil, high.count <= 256 ? high : nil)
    }
}

/// Finds the codes of values by hashing their bytes; open addressing.
private struct CodeTable {
    private var slots = [UInt32](repeating: .max, count: 1_024)
    private var hashes: [UInt64] = []

    mutating func code(
        of value: UnsafeRawBufferPointer, next: UInt32,
        stored: (UInt32) -> UnsafeRawBufferPointer
    ) -> UInt32 {
        if hashes.count * 2 >= slots.count { grow() }
        let hash = Self.hash(value)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != .max {
            let code = slots[slot]
            if hashes[Int(code)] == hash, stored(code).elementsEqual(value) { return code }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = next
        hashes.append(hash)
        return next
    }

    private mutating func grow() {
        slots = [UInt32](repeating: .max, count: slots.count * 4)
        for (code, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(code)
        }
    }

    private static func hash(_ value: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(value.count)
        var offset = 0
        while offset + 8 <= value.count {
            hash = mix(hash ^ value.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < value.count {
            tail = tail << 8 | UInt64(value[offset])
            offset += 1
        }
        return mix(hash ^ tail)
    }

    private static func mix(_ number: UInt64) -> UInt64 {
        let (high, low) = number.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return high ^ low
    }
}
