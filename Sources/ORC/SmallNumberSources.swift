// Columns whose numbers are run-length encoded bytes or bits: TINYINT and BOOLEAN.

import StarlingMemory
import StarlingVectors

/// Gives signed bytes.
final class ByteSource: NumberSource {
    private var decoder: ByteRunDecoder
    private let scratch = Buffer(byteCount: chunkCapacity)

    init(_ stream: ByteStream) { decoder = ByteRunDecoder(stream) }

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        try decoder.decode(count, into: scratch.pointer())
        let stored = scratch.pointer(to: Int8.self)
        let target = target.assumingMemoryBound(to: Int64.self)
        for index in 0..<count { target[index] = Int64(stored[index]) }
    }

    override func skip(_ count: Int) throws(ORCDamage) { try decoder.skip(count) }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try decoder.seek(&positions)
    }
}

/// Gives bits as 0 and 1.
final class BitSource: NumberSource {
    private var decoder: BitDecoder
    private let scratch = Buffer(byteCount: chunkCapacity / 8 + 8)

    init(_ stream: ByteStream) { decoder = BitDecoder(stream) }

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        let words = scratch.pointer(to: UInt64.self)
        words.update(repeating: 0, count: count / 64 + 1)
        _ = try decoder.decode(count, into: words)
        let target = target.assumingMemoryBound(to: Int64.self)
        for index in 0..<count {
            target[index] = Int64(
                truncatingIfNeeded: (words[index &>> 6] &>> UInt64(index & 63)) & 1)
        }
    }

    override func skip(_ count: Int) throws(ORCDamage) { _ = try decoder.skip(count) }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try decoder.seek(&positions)
    }
}
