// DELTA_BYTE_ARRAY: each value is a prefix of the one before, and a suffix of its own.

import StarlingMemory
import StarlingVectors

/// Decodes strings that share prefixes, in order.
struct PrefixDecoder {
    private var prefixes: DeltaDecoder
    private var suffixes: LengthDecoder
    private var last: [UInt8] = []
    /// Bounds what one call makes, since short pages can describe long values again and again.
    private static let byteCountMax = 1 << 28

    init(_ start: UnsafeRawPointer, byteCount: Int) throws(ParquetDamage) {
        prefixes = try DeltaDecoder(start, byteCount: byteCount)
        let end = try prefixes.findEnd()
        suffixes = try LengthDecoder(end, byteCount: byteCount - (end - start))
    }

    mutating func decode(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>, heap: StringHeap
    ) throws(ParquetDamage) {
        let scratch = Buffer(byteCount: count * 4)
        defer { withExtendedLifetime(scratch) {} }
        let lengths = scratch.pointer(to: Int32.self)
        try prefixes.decode(count, into: lengths)
        try suffixes.decode(count, into: target)
        var total = 0
        for index in 0..<count {
            let prefix = Int(lengths[index])
            guard prefix >= 0, prefix <= last.count else {
                throw ParquetDamage("a value's prefix is longer than the value before it")
            }
            last.removeSubrange(prefix...)
            target[index].withBytes { last.append(contentsOf: $0) }
            total += last.count
            guard total <= Self.byteCountMax else {
                throw ParquetDamage("a page has values of impossible length")
            }
            target[index] = heap.add(last)
        }
    }
}

/// Decodes DELTA_LENGTH_BYTE_ARRAY: all lengths first, then all bytes.
struct LengthDecoder {
    private var lengths: DeltaDecoder
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer

    init(_ start: UnsafeRawPointer, byteCount: Int) throws(ParquetDamage) {
        lengths = try DeltaDecoder(start, byteCount: byteCount)
        next = try lengths.findEnd()
        end = start + byteCount
    }

    /// Refers to the next `count` values where they lie.
    mutating func decode(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) {
        let scratch = Buffer(byteCount: count * 4)
        defer { withExtendedLifetime(scratch) {} }
        let counts = scratch.pointer(to: Int32.self)
        try lengths.decode(count, into: counts)
        let references = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SixteenBytes.self)
        for index in 0..<count {
            let length = Int(counts[index])
            guard length >= 0, length <= end - next else { throw ColumnDecoder.tooShort }
            references[index] = paddedReference(next, count: length)
            next += length
        }
    }
}
