// Numbers of a fixed number of bits, one behind the other from the highest bit of the first byte.

enum BitUnpacking {
    /// Tells how many bits a code of five bits means.
    @inline(__always)
    static func width(_ code: Int) -> Int {
        switch code {
        case 0...23: code + 1
        case 24: 26
        case 25: 28
        case 26: 30
        case 27: 32
        case 28: 40
        case 29: 48
        case 30: 56
        default: 64
        }
    }

    /// Returns the least number of bits, not below this one, that has a code.
    static func roundedWidth(_ width: Int) -> Int {
        switch width {
        case ...24: max(1, width)
        case ...32: (width + 1) / 2 * 2
        default: (width + 7) / 8 * 8
        }
    }

    /// Reads a number of 1 to 8 bytes, the highest first.
    @inline(__always)
    static func bigEndian(_ start: UnsafeRawPointer, _ byteCount: Int) -> UInt64 {
        let word = UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
        return word &>> UInt64(64 &- byteCount &* 8)
    }

    /// Unpacks numbers whose bytes are there, with 8 more that may be read.
    @inline(never)
    static func unpack(
        _ source: UnsafeRawPointer, width: Int, count: Int,
        into target: UnsafeMutablePointer<Int64>
    ) {
        switch width {
        case 1: parts(8, source, count, target)
        case 2: parts(4, source, count, target)
        case 4: parts(2, source, count, target)
        case 8: whole(UInt8.self, source, count, target)
        case 16: whole(UInt16.self, source, count, target)
        case 24: bytes(3, source, count, target)
        case 32: whole(UInt32.self, source, count, target)
        case 40: bytes(5, source, count, target)
        case 48: bytes(6, source, count, target)
        case 64: whole(UInt64.self, source, count, target)
        default: packed(source, width, count, target)
        }
    }

    /// Unpacks numbers of which `perByte` share a byte.
    @inline(__always)
    private static func parts(
        _ perByte: Int, _ source: UnsafeRawPointer, _ count: Int,
        _ target: UnsafeMutablePointer<Int64>
    ) {
        let width = 8 / perByte
        let mask = UInt8(truncatingIfNeeded: (1 &<< width) &- 1)
        let wholeCount = count / perByte
        for index in 0..<wholeCount {
            let byte = source.load(fromByteOffset: index, as: UInt8.self)
            for part in 0..<perByte {
                let shift = UInt8(truncatingIfNeeded: 8 &- width &* (part &+ 1))
                target[index &* perByte &+ part] = Int64((byte &>> shift) & mask)
            }
        }
        for index in (wholeCount * perByte)..<count {
            target[index] = Int64(number(source, index, width: width))
        }
    }

    /// Unpacks numbers of whole bytes that are no integers of their own.
    @inline(__always)
    private static func bytes(
        _ byteCount: Int, _ source: UnsafeRawPointer, _ count: Int,
        _ target: UnsafeMutablePointer<Int64>
    ) {
        for index in 0..<count {
            target[index] = Int64(
                truncatingIfNeeded: bigEndian(source + index &* byteCount, byteCount))
        }
    }

    @inline(__always)
    private static func whole<Stored: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Stored.Type, _ source: UnsafeRawPointer, _ count: Int,
        _ target: UnsafeMutablePointer<Int64>
    ) {
        for index in 0..<count {
            let stored = source.loadUnaligned(
                fromByteOffset: index &* MemoryLayout<Stored>.size, as: Stored.self)
            target[index] = Int64(truncatingIfNeeded: Stored(bigEndian: stored))
        }
    }

    /// A number of up to 56 bits lies in the eight bytes from that of its first bit on.
    @inline(__always)
    private static func packed(
        _ source: UnsafeRawPointer, _ width: Int, _ count: Int,
        _ target: UnsafeMutablePointer<Int64>
    ) {
        let shift = UInt64(64 &- width)
        var bit = 0
        for index in 0..<count {
            let word = UInt64(
                bigEndian: source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
            target[index] = Int64(
                bitPattern: (word &<< UInt64(bit & 7)) &>> shift)
            bit &+= width
        }
    }

    /// Unpacks one number.
    static func number(_ source: UnsafeRawPointer, _ index: Int, width: Int) -> UInt64 {
        let bit = index * width
        let word = UInt64(
            bigEndian: source.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
        return (word << UInt64(bit & 7)) >> UInt64(64 - width)
    }

    @inline(never)
    static func unzigzag(_ target: UnsafeMutablePointer<Int64>, count: Int) {
        for index in 0..<count {
            target[index] = UInt64(bitPattern: target[index]).unzigzagged
        }
    }
}
