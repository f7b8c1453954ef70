// DELTA_BYTE_ARRAY: each value is a prefix of the one before, and a suffix of its own. The values of a
// call are written one behind the other into one buffer, each from the end of its predecessor.

import StarlingMemory
import StarlingVectors

/// Decodes strings that share prefixes, in order.
struct PrefixDecoder {
    private var prefixes: DeltaDecoder
    private var suffixes: LengthDecoder
    /// The value before the next one, and what it lies in.
    private var last: UnsafeRawPointer
    private var lastCount = 0
    private var lastOwner: Buffer?
    /// Bounds what one call makes, since short pages can describe long values again and again.
    private static let byteCountMax = 1 << 28

    init(_ start: UnsafeRawPointer, byteCount: Int) throws(ParquetDamage) {
        prefixes = try DeltaDecoder(start, byteCount: byteCount)
        let end = try prefixes.findEnd()
        suffixes = try LengthDecoder(end, byteCount: byteCount - (end - start))
        last = start
    }

    /// Decodes the next `count` values one behind the other into a buffer of their own, and writes
    /// where each of them ends.
    mutating func decode(
        _ count: Int, ends: UnsafeMutablePointer<Int>
    ) throws(ParquetDamage) -> Buffer {
        let scratch = Buffer(byteCount: count * 8)
        // The value before lies in the buffer of the last call, which this one lets go at its end.
        let predecessor = lastOwner
        defer { withExtendedLifetime((scratch, predecessor)) {} }
        let prefixCounts = scratch.pointer(to: Int32.self)
        let suffixCounts = prefixCounts + count
        try prefixes.decode(count, into: prefixCounts)
        var suffix = try suffixes.take(count, counts: suffixCounts)
        var total = 0
        var before = lastCount
        for index in 0..<count {
            let prefix = Int(prefixCounts[index])
            guard prefix >= 0, prefix <= before else {
                throw ParquetDamage("a value's prefix is longer than the value before it")
            }
            before = prefix &+ Int(suffixCounts[index])
            total &+= before
            guard total <= Self.byteCountMax else {
                throw ParquetDamage("a page has values of impossible length")
            }
            ends[index] = total
        }
        let buffer = Buffer(byteCount: total)
        var target = buffer.baseAddress
        for index in 0..<count {
            let (prefix, rest) = (Int(prefixCounts[index]), Int(suffixCounts[index]))
            Self.copy(last, to: target, prefix)
            Self.copy(suffix, to: target + prefix, rest)
            last = UnsafeRawPointer(target)
            target += prefix &+ rest
            suffix += rest
        }
        // A call for no values leaves the value before where it is.
        if count > 0 {
            lastCount = ends[count - 1] - (count > 1 ? ends[count - 2] : 0)
            lastOwner = buffer
        }
        return buffer
    }

    /// Copies bytes, short ones in one piece: behind every source and target 16 more may be
    /// touched, since what follows is written later and buffers are padded.
    @inline(__always)
    private static func copy(
        _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
    ) {
        if count <= 16 {
            target.storeBytes(
                of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        } else {
            target.copyMemory(from: source, byteCount: count)
        }
    }

    /// Decodes strings, and returns what they lie in.
    mutating func decode(
        _ count: Int, into target: UnsafeMutablePointer<StringReference>
    ) throws(ParquetDamage) -> Buffer {
        let room = Buffer(byteCount: count * 8)
        defer { withExtendedLifetime(room) {} }
        let ends = room.pointer(to: Int.self)
        let buffer = try decode(count, ends: ends)
        let references = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SixteenBytes.self)
        var start = 0
        for index in 0..<count {
            references[index] = paddedReference(
                UnsafeRawPointer(buffer.baseAddress) + start, count: ends[index] &- start)
            start = ends[index]
        }
        return buffer
    }
}
