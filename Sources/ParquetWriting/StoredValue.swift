// The value types that columns are written from, one for each physical type of the format. Loops
// are generic over them and specialised here.

import StarlingMemory
import StarlingVectors

/// Is a value as a column chunk stores it.
protocol StoredValue: BitwiseCopyable {
    /// False for NaN, which has no place in the order of bounds.
    var isOrdered: Bool { get }
    /// The value as a 64-bit integer, for types that are integers of at most 64 bits.
    var smallInteger: Int64? { get }
    var hash: UInt64 { get }
    static var isInteger: Bool { get }
    static func precedes(_ left: Self, _ right: Self) -> Bool
    static func isSame(_ left: Self, _ right: Self) -> Bool
    /// The bytes of values in the PLAIN encoding.
    static func plainByteCount(_ values: UnsafePointer<Self>, count: Int) -> Int
    static func appendPlain(_ values: UnsafePointer<Self>, count: Int, to target: ByteWriter)
    /// The bytes of a value without a length: what bounds and bloom filters hold.
    var bytes: [UInt8] { get }
}

@inline(__always)
func mixedHash(_ number: UInt64) -> UInt64 {
    let (high, low) = (number ^ 0x9E37_79B9_7F4A_7C15)
        .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low
}

extension StoredValue {
    @inline(__always) var isOrdered: Bool { true }
    @inline(__always) var smallInteger: Int64? { nil }
    static var isInteger: Bool { false }

    static func plainByteCount(_ values: UnsafePointer<Self>, count: Int) -> Int {
        count * MemoryLayout<Self>.size
    }

    static func appendPlain(_ values: UnsafePointer<Self>, count: Int, to target: ByteWriter) {
        target.append(
            UnsafeRawBufferPointer(start: values, count: count * MemoryLayout<Self>.size))
    }

    var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension Int32: StoredValue {
    static var isInteger: Bool { true }
    @inline(__always) var smallInteger: Int64? { Int64(self) }
    @inline(__always) var hash: UInt64 { mixedHash(UInt64(UInt32(bitPattern: self))) }
    @inline(__always) static func precedes(_ left: Int32, _ right: Int32) -> Bool { left < right }
    @inline(__always) static func isSame(_ left: Int32, _ right: Int32) -> Bool { left == right }
}

extension Int64: StoredValue {
    static var isInteger: Bool { true }
    @inline(__always) var smallInteger: Int64? { self }
    @inline(__always) var hash: UInt64 { mixedHash(UInt64(bitPattern: self)) }
    @inline(__always) static func precedes(_ left: Int64, _ right: Int64) -> Bool { left < right }
    @inline(__always) static func isSame(_ left: Int64, _ right: Int64) -> Bool { left == right }
}

/// Values are equal where their bits are: 0 and -0 stay apart, as do NaNs.
extension Float: StoredValue {
    @inline(__always) var isOrdered: Bool { !isNaN }
    @inline(__always) var hash: UInt64 { mixedHash(UInt64(bitPattern)) }
    @inline(__always) static func precedes(_ left: Float, _ right: Float) -> Bool { left < right }
    @inline(__always) static func isSame(_ left: Float, _ right: Float) -> Bool {
        left.bitPattern == right.bitPattern
    }
}

extension Double: StoredValue {
    @inline(__always) var isOrdered: Bool { !isNaN }
    @inline(__always) var hash: UInt64 { mixedHash(bitPattern) }
    @inline(__always) static func precedes(_ left: Double, _ right: Double) -> Bool {
        left < right
    }
    @inline(__always) static func isSame(_ left: Double, _ right: Double) -> Bool {
        left.bitPattern == right.bitPattern
    }
}

/// Is a decimal of 16 bytes, big-endian in the file.
extension Int128: StoredValue {
    @inline(__always) var hash: UInt64 {
        mixedHash(
            UInt64(truncatingIfNeeded: self) ^ mixedHash(UInt64(truncatingIfNeeded: self &>> 64)))
    }
    @inline(__always) static func precedes(_ left: Int128, _ right: Int128) -> Bool {
        left < right
    }
    @inline(__always) static func isSame(_ left: Int128, _ right: Int128) -> Bool { left == right }

    static func appendPlain(_ values: UnsafePointer<Int128>, count: Int, to target: ByteWriter) {
        let room = target.reserve(count * 16)
        for place in 0..<count {
            room.storeBytes(of: values[place].bigEndian, toByteOffset: place * 16, as: Int128.self)
        }
        target.advance(count * 16)
    }

    var bytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

/// Is a boolean, a bit in the file.
extension UInt8: StoredValue {
    @inline(__always) var hash: UInt64 { mixedHash(UInt64(self)) }
    @inline(__always) static func precedes(_ left: UInt8, _ right: UInt8) -> Bool { left < right }
    @inline(__always) static func isSame(_ left: UInt8, _ right: UInt8) -> Bool { left == right }

    static func plainByteCount(_ values: UnsafePointer<UInt8>, count: Int) -> Int {
        (count + 7) / 8
    }

    static func appendPlain(_ values: UnsafePointer<UInt8>, count: Int, to target: ByteWriter) {
        target.appendPacked(values, count: count, width: 1)
    }

    var bytes: [UInt8] { [self] }
}

/// Is a text or binary value.
extension StringReference: StoredValue {
    @inline(__always) var hash: UInt64 {
        isInline ? mixedHash(head ^ mixedHash(tail)) : longHash
    }

    @inline(never) private var longHash: UInt64 {
        var hash = mixedHash(UInt64(count))
        let start = address
        var offset = 0
        while offset + 8 <= count {
            hash = mixedHash(
                hash ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        // The last eight bytes again, which hold those that are left.
        return mixedHash(hash ^ start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }

    @inline(__always) static func precedes(
        _ left: StringReference, _ right: StringReference
    ) -> Bool { left < right }

    @inline(__always) static func isSame(
        _ left: StringReference, _ right: StringReference
    ) -> Bool { left == right }

    static func plainByteCount(_ values: UnsafePointer<StringReference>, count: Int) -> Int {
        var total = count * 4
        for place in 0..<count { total &+= values[place].count }
        return total
    }

    static func appendPlain(
        _ values: UnsafePointer<StringReference>, count: Int, to target: ByteWriter
    ) {
        // 16 bytes are copied of short values, whatever their length.
        var room = target.reserve(plainByteCount(values, count: count) + 16)
        let start = room
        for place in 0..<count {
            let value = values[place]
            room.storeBytes(of: UInt32(truncatingIfNeeded: value.head), as: UInt32.self)
            room += 4
            room = value.copyBytes(to: room)
        }
        target.advance(start.distance(to: room))
    }

    /// Copies the bytes, where 12 more may be written behind them, and returns their end.
    @inline(__always)
    func copyBytes(to target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        if isInline {
            target.storeBytes(of: UInt32(truncatingIfNeeded: head &>> 32), as: UInt32.self)
            target.storeBytes(of: tail, toByteOffset: 4, as: UInt64.self)
        } else {
            target.copyMemory(from: address, byteCount: count)
        }
        return target + count
    }
}
