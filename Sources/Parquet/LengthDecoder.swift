// DELTA_LENGTH_BYTE_ARRAY: all lengths first, then all bytes.

import StarlingMemory
import StarlingVectors

/// Decodes strings whose lengths lie apart from their bytes, in order.
struct LengthDecoder {
    private var lengths: DeltaDecoder
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer

    init(_ start: UnsafeRawPointer, byteCount: Int) throws(ParquetDamage) {
        lengths = try DeltaDecoder(start, byteCount: byteCount)
        next = try lengths.findEnd()
        end = start + byteCount
    }

    /// Passes over the next `count` values; writes their lengths and returns where they begin.
    mutating func take(
        _ count: Int, counts: UnsafeMutablePointer<Int32>
    ) throws(ParquetDamage) -> UnsafeRawPointer {
        try lengths.decode(count, into: counts)
        var total = 0
        var least: Int32 = 0
        for index in 0..<count {
            least = min(least, counts[index])
            total &+= Int(counts[index])
        }
        guard least >= 0, total <= end - next else { throw ColumnDecoder.tooShort }
        defer { next += total }
        return next
    }

    /// Refers to the next `count` values where they lie.
    mutating func decode(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) {
        let scratch = Buffer(byteCount: count * 4)
        defer { withExtendedLifetime(scratch) {} }
        let counts = scratch.pointer(to: Int32.self)
        var start = try take(count, counts: counts)
        let references = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SixteenBytes.self)
        for index in 0..<count {
            references[index] = paddedReference(start, count: Int(counts[index]))
            start += Int(counts[index])
        }
    }
}
