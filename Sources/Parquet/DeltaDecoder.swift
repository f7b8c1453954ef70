// DELTA_BINARY_PACKED: blocks of differences, each block with its least difference and miniblocks of
// packed remainders. Values wrap around as the format says.

import CPlatform

/// Decodes integers of 32 or 64 bits, in order.
struct DeltaDecoder {
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private var valuesPerMiniblock = 0
    private var miniblockCount = 0
    /// Counts the values that were not given out yet.
    private(set) var valuesLeft = 0
    private var value: UInt64 = 0
    private var isFirst = true

    private var leastDelta: UInt64 = 0
    private var widths: UnsafeRawPointer
    private var miniblock = 0
    private var packed: UnsafeRawPointer
    private var width = 0
    private var packedIndex = 0
    private var packedCount = 0

    init(_ start: UnsafeRawPointer, byteCount: Int) throws(ParquetDamage) {
        next = start
        end = start + byteCount
        widths = start
        packed = start
        let blockSize = try unsigned()
        let miniblocks = try unsigned()
        let count = try unsigned()
        value = try zigzag()
        guard blockSize > 0, blockSize <= 1 << 20, blockSize % 128 == 0, miniblocks > 0,
            blockSize % miniblocks == 0, (blockSize / miniblocks) % 8 == 0,
            count <= UInt64(Int32.max)
        else { throw ParquetDamage("a delta-encoded page has an impossible header") }
        miniblockCount = Int(miniblocks)
        valuesPerMiniblock = Int(blockSize / miniblocks)
        miniblock = miniblockCount
        valuesLeft = Int(count)
    }

    private mutating func unsigned() throws(ParquetDamage) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 70 {
            guard next < end else { break }
            let byte = next.load(as: UInt8.self)
            next += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
            shift += 7
        }
        throw ParquetDamage("a delta-encoded page ends too early")
    }

    private mutating func zigzag() throws(ParquetDamage) -> UInt64 {
        let raw = try unsigned()
        return (raw >> 1) ^ (0 &- (raw & 1))
    }

    /// Moves to the next miniblock, and block where one is used up.
    private mutating func readMiniblock() throws(ParquetDamage) {
        if miniblock == miniblockCount {
            leastDelta = try zigzag()
            guard end - next >= miniblockCount else {
                throw ParquetDamage("a delta-encoded page ends too early")
            }
            widths = next
            next += miniblockCount
            miniblock = 0
        }
        width = Int(widths.load(fromByteOffset: miniblock, as: UInt8.self))
        miniblock += 1
        guard width <= 64 else {
            throw ParquetDamage("a delta-encoded page has an impossible width")
        }
        packed = next
        packedIndex = 0
        packedCount = valuesPerMiniblock
        // The last miniblock may be cut short behind the last value.
        let needed = min(valuesPerMiniblock, valuesLeft) * width
        guard end - next >= (needed + 7) / 8 else {
            throw ParquetDamage("a delta-encoded page ends too early")
        }
        next += min(valuesPerMiniblock * width / 8, end - next)
    }

    /// Decodes `count` values as `Number`, which takes the low bits.
    mutating func decode<Number: FixedWidthInteger>(
        _ count: Int, into target: UnsafeMutablePointer<Number>
    ) throws(ParquetDamage) {
        guard count <= valuesLeft else {
            throw ParquetDamage("a delta-encoded page has fewer values than its header says")
        }
        var done = 0
        if isFirst, count > 0 {
            target[0] = Number(truncatingIfNeeded: value)
            isFirst = false
            done = 1
            valuesLeft -= 1
        }
        while done < count {
            if packedIndex == packedCount { try readMiniblock() }
            let step = min(count - done, packedCount - packedIndex)
            unpack(step, into: target + done)
            packedIndex += step
            done += step
            valuesLeft -= step
        }
    }

    private mutating func unpack<Number: FixedWidthInteger>(
        _ count: Int, into target: UnsafeMutablePointer<Number>
    ) {
        var done = 0
        if width <= 32, packedIndex & 7 == 0 {
            while count - done >= 8 {
                let groups = min((count - done) / 8, Self.groupCountMax)
                unpackGroups(groups, from: packedIndex + done, into: target + done)
                done += groups * 8
            }
        }
        if width <= 57 {
            unpackEach(count - done, from: packedIndex + done, into: target + done) {
                (address, shift) in address.loadUnaligned(as: UInt64.self) &>> shift
            }
        } else {
            unpackEach(count - done, from: packedIndex + done, into: target + done) {
                (address, shift) in
                let low = address.loadUnaligned(as: UInt64.self) &>> shift
                let rest = UInt64(address.load(fromByteOffset: 8, as: UInt8.self))
                return low | ((rest &<< 1) &<< (63 &- shift))
            }
        }
    }

    private static var groupCountMax: Int { 16 }

    /// Adds up eight differences of up to 32 bits at a time.
    @inline(__always)
    private mutating func unpackGroups<Number: FixedWidthInteger>(
        _ groups: Int, from index: Int, into target: UnsafeMutablePointer<Number>
    ) {
        var current = value
        let source = (packed + index / 8 * width).assumingMemoryBound(to: UInt8.self)
        let (least, width) = (leastDelta, Int32(width))
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.groupCountMax * 8) { words in
            let deltas = words.baseAddress!
            starling_unpack_bits(source, deltas, groups, width)
            for index in 0..<(groups * 8) {
                current = current &+ (least &+ UInt64(deltas[index]))
                target[index] = Number(truncatingIfNeeded: current)
            }
        }
        value = current
    }

    /// Adds up differences one by one; `load` gives the bits from a shift on.
    @inline(__always)
    private mutating func unpackEach<Number: FixedWidthInteger>(
        _ count: Int, from first: Int, into target: UnsafeMutablePointer<Number>,
        _ load: (UnsafeRawPointer, UInt64) -> UInt64
    ) {
        var current = value
        let width = UInt64(width)
        let mask: UInt64 = width == 64 ? .max : (1 &<< width) &- 1
        for index in 0..<count {
            let bit = UInt64(first &+ index) &* width
            let word = load(packed + Int(bit &>> 3), bit & 7)
            current = current &+ (leastDelta &+ (word & mask))
            target[index] = Number(truncatingIfNeeded: current)
        }
        value = current
    }

    /// Finds the end of all values, which is where the next part of the page begins.
    func findEnd() throws(ParquetDamage) -> UnsafeRawPointer {
        var copy = self
        if copy.isFirst, copy.valuesLeft > 0 {
            copy.isFirst = false
            copy.valuesLeft -= 1
        }
        copy.valuesLeft -= min(copy.packedCount - copy.packedIndex, copy.valuesLeft)
        while copy.valuesLeft > 0 {
            try copy.readMiniblock()
            copy.valuesLeft -= min(copy.packedCount, copy.valuesLeft)
        }
        // Miniblocks behind the last value have no bytes, though they have widths.
        return copy.next
    }
}
