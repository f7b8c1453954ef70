// DECIMAL: numbers of any length, 7 bits a byte, and for each its own scale, which mostly is that of
// the column.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives unscaled decimals.
final class DecimalSource: NumberSource {
    private let numbers: ByteStream
    private let scales: IntegerDecoder
    private let scale: Int64
    private let wide: Bool
    private let scratch = Buffer(byteCount: chunkCapacity * 8)

    /// The most bytes of a number of 128 bits.
    private static let byteCountMax = 19

    init(_ numbers: ByteStream, scales: IntegerDecoder, scale: Int, isWide: Bool) {
        self.numbers = numbers
        self.scales = scales
        self.scale = Int64(scale)
        wide = isWide
    }

    override var isWide: Bool { wide }

    private static let tooLong = ORCDamage("a decimal has more than 38 digits")

    override func decode(
        _ count: Int, into target: UnsafeMutableRawPointer
    ) throws(ORCDamage) {
        try scales.decode(count, into: scratch.baseAddress)
        let stored = scratch.pointer(to: Int64.self)
        var difference: Int64 = 0
        for index in 0..<count { difference |= stored[index] ^ scale }
        let factors = difference == 0 ? nil : UnsafePointer(stored)
        if wide {
            try decode(count, factors, into: target.assumingMemoryBound(to: Int128.self))
        } else {
            try decode(count, factors, into: target.assumingMemoryBound(to: Int64.self))
        }
    }

    @inline(__always)
    private func decode<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ count: Int, _ scales: UnsafePointer<Int64>?, into target: UnsafeMutablePointer<Number>
    ) throws(ORCDamage) {
        for index in 0..<count {
            if numbers.byteCount < Self.byteCountMax { try numbers.prepare(Self.byteCountMax) }
            var next = numbers.next
            let short = try Self.short(&next, numbers.end)
            var number: Int128
            if let short {
                number = Int128(short)
            } else {
                next = numbers.next
                number = try Self.long(&next, numbers.end)
            }
            numbers.next = next
            if let scales { number = try rescaled(number, from: scales[index]) }
            let narrow = Number(truncatingIfNeeded: number)
            guard Int128(narrow) == number else { throw Self.tooLong }
            target[index] = narrow
        }
    }

    /// Reads a number of up to nine bytes; nil for longer ones.
    @inline(__always)
    private static func short(
        _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
    ) throws(ORCDamage) -> Int64? {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 63 {
            guard next < end else { throw IntegerRun.tooShort }
            let byte = next.load(as: UInt8.self)
            next += 1
            result |= UInt64(byte & 0x7F) &<< shift
            if byte & 0x80 == 0 { return result.unzigzagged }
            shift &+= 7
        }
        return nil
    }

    private static func long(
        _ next: inout UnsafeRawPointer, _ end: UnsafeRawPointer
    ) throws(ORCDamage) -> Int128 {
        var result: UInt128 = 0
        var shift: UInt128 = 0
        while shift < 128 {
            guard next < end else { throw IntegerRun.tooShort }
            let byte = next.load(as: UInt8.self)
            next += 1
            guard shift < 126 || byte < 4 else { throw tooLong }
            result |= UInt128(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                return Int128(truncatingIfNeeded: (result >> 1) ^ (0 &- (result & 1)))
            }
            shift += 7
        }
        throw tooLong
    }

    /// Brings a number from its own scale to the column's.
    private func rescaled(_ number: Int128, from stored: Int64) throws(ORCDamage) -> Int128 {
        guard stored != scale else { return number }
        guard stored >= -38, stored <= 76 else {
            throw ORCDamage("a decimal has an impossible scale")
        }
        let digits = Int(scale - stored)
        if digits > 0 {
            if number == 0 { return 0 }
            guard digits <= 38 else { throw Self.tooLong }
            let (product, overflow) = number.multipliedReportingOverflow(by: powerOfTen(digits))
            guard !overflow else { throw Self.tooLong }
            return product
        }
        if number == 0 { return 0 }
        guard digits >= -38, number % powerOfTen(-digits) == 0 else {
            throw ORCDamage("a decimal has more digits behind the point than its column")
        }
        return number / powerOfTen(-digits)
    }

    override func skip(_ count: Int) throws(ORCDamage) {
        try scales.skip(count)
        for _ in 0..<count {
            try numbers.prepare(Self.byteCountMax)
            var next = numbers.next
            let end = numbers.end
            while true {
                guard next < end else { throw ByteStream.tooShort }
                let byte = next.load(as: UInt8.self)
                next += 1
                if byte & 0x80 == 0 { break }
            }
            numbers.next = next
        }
    }

    override func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try numbers.seek(&positions)
        try scales.seek(&positions)
    }
}
