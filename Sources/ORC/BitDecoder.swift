// Bits, eight to a run-length encoded byte, the highest first: which rows have a value, and
// booleans. They come out as a bitmap whose words begin at their lowest bit.

import StarlingMemory

/// Decodes bits in order.
struct BitDecoder {
    private var bytes: ByteRunDecoder
    /// What is left of a byte that was begun; the next bit is the lowest.
    private var pending: UInt8 = 0
    private var pendingCount = 0
    /// Bytes as they are stored, and behind them a bitmap for bits that are only counted.
    private let block = Buffer(byteCount: 2 * blockByteCount + 8)

    private static let blockByteCount = 256

    init(_ stream: ByteStream) { bytes = ByteRunDecoder(stream) }

    /// Adds `count` bits to a bitmap that is zero from its start on, and returns how many are set.
    mutating func decode(
        _ count: Int, into words: UnsafeMutablePointer<UInt64>
    ) throws(ORCDamage) -> Int {
        var position = 0
        var total = 0
        if pendingCount > 0, count > 0 {
            position = min(count, pendingCount)
            let bits = takePending(position)
            words[0] |= UInt64(bits)
            total = bits.nonzeroBitCount
        }
        let stored = block.pointer(to: UInt8.self)
        while position < count {
            let byteCount = min((count - position + 7) / 8, Self.blockByteCount)
            try bytes.decode(byteCount, into: stored)
            let end = min(count, position + byteCount * 8)
            total += Self.add(stored, to: words, position..<end)
            let rest = (end - position) % 8
            if rest > 0 {
                pending = Self.reversed(stored[byteCount - 1]) >> UInt8(rest)
                pendingCount = 8 - rest
            }
            position = end
        }
        return total
    }

    /// Adds the bits of bytes at places of a bitmap, and returns how many are set.
    private static func add(
        _ stored: UnsafePointer<UInt8>, to words: UnsafeMutablePointer<UInt64>,
        _ places: Range<Int>
    ) -> Int {
        var total = 0
        var index = 0
        var place = places.lowerBound
        while place < places.upperBound {
            let step = min(8, places.upperBound &- place)
            let mask = UInt8(truncatingIfNeeded: (1 &<< step) &- 1)
            let bits = UInt64(reversed(stored[index]) & mask)
            words[place &>> 6] |= bits &<< UInt64(place & 63)
            if place & 63 &+ step > 64 {
                words[place &>> 6 &+ 1] |= bits &>> UInt64(64 &- place & 63)
            }
            total &+= bits.nonzeroBitCount
            index &+= 1
            place &+= step
        }
        return total
    }

    /// Passes over `count` bits and returns how many of them are set.
    mutating func skip(_ count: Int) throws(ORCDamage) -> Int {
        var left = count
        var total = 0
        let words = (block.baseAddress + Self.blockByteCount).assumingMemoryBound(to: UInt64.self)
        while left > 0 {
            let step = min(left, Self.blockByteCount * 8)
            words.update(repeating: 0, count: Self.blockByteCount / 8 + 1)
            total += try decode(step, into: words)
            left -= step
        }
        return total
    }

    mutating func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try bytes.seek(&positions)
        pendingCount = 0
        let passed = try positions.take()
        guard passed <= 8 else { throw ORCDamage("the row index has impossible positions") }
        _ = try skip(passed)
    }

    private mutating func takePending(_ count: Int) -> UInt8 {
        let bits = pending & UInt8(truncatingIfNeeded: (1 &<< count) &- 1)
        pending = pending >> UInt8(count)
        pendingCount -= count
        return bits
    }

    @inline(__always)
    private static func reversed(_ byte: UInt8) -> UInt8 {
        var bits = byte &>> 4 | byte &<< 4
        bits = (bits & 0xCC) &>> 2 | (bits & 0x33) &<< 2
        return (bits & 0xAA) &>> 1 | (bits & 0x55) &<< 1
    }
}
