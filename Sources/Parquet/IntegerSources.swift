// The carriers and meanings of integer-like columns.

/// Integers that lie in the file, or in memory, as `Raw`.
enum Carried<
    Raw: FixedWidthInteger & BitwiseCopyable,
    Number: FixedWidthInteger & SignedInteger & BitwiseCopyable
>: IntegerSource {
    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Number
    ) -> Number {
        let offset = index &* MemoryLayout<Raw>.size
        return Number(
            truncatingIfNeeded: values.loadUnaligned(fromByteOffset: offset, as: Raw.self))
    }
}

typealias Signed32 = Carried<Int32, Int32>
typealias Signed64 = Carried<Int64, Int64>
/// Numbers that were put together in memory.
typealias Signed128 = Carried<Int128, Int128>
typealias Unsigned32 = Carried<UInt32, Int64>
typealias Unsigned64 = Carried<UInt64, Int128>

/// Milliseconds in 32 bits, as microseconds.
enum Thousandfold32: IntegerSource {
    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int64
    ) -> Int64 {
        Int64(values.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self)) &* 1_000
    }
}

/// Milliseconds in 64 bits, as microseconds.
enum Thousandfold64: IntegerSource {
    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int64
    ) -> Int64 {
        let number = values.loadUnaligned(fromByteOffset: index &* 8, as: Int64.self)
        let (product, overflow) = number.multipliedReportingOverflow(by: 1_000)
        if overflow { misfit = -1 }
        return product
    }
}

/// Nanoseconds, as the microsecond that they lie in.
enum Thousandth64: IntegerSource {
    static var mayCut: Bool { true }

    @inline(__always)
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool {
        values.loadUnaligned(fromByteOffset: index &* 8, as: Int64.self) % 1_000 != 0
    }

    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int64
    ) -> Int64 {
        let number = values.loadUnaligned(fromByteOffset: index &* 8, as: Int64.self)
        let quotient = number / 1_000
        return quotient &- (quotient &* 1_000 > number ? 1 : 0)
    }
}

/// Nanoseconds of the day in 64 bits, then the Julian day in 32, as microseconds since 1970.
enum Timestamp96: IntegerSource {
    static var mayCut: Bool { true }

    @inline(__always)
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool {
        values.loadUnaligned(fromByteOffset: index &* 12, as: Int64.self) % 1_000 != 0
    }

    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int64
    ) -> Int64 {
        let address = values + index &* 12
        let nanoseconds = address.loadUnaligned(as: Int64.self)
        let julianDay = Int64(address.loadUnaligned(fromByteOffset: 8, as: Int32.self))
        let (microseconds, overflow) = (julianDay &- 2_440_588)
            .multipliedReportingOverflow(by: 86_400_000_000)
        let quotient = nanoseconds / 1_000
        let floor = quotient &- (quotient &* 1_000 > nanoseconds ? 1 : 0)
        let (sum, sumOverflow) = microseconds.addingReportingOverflow(floor)
        if overflow || sumOverflow { misfit = -1 }
        return sum
    }
}

/// Signed numbers of up to 8 bytes, highest byte first.
enum BigEndian64: IntegerSource {
    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int64
    ) -> Int64 {
        let address = values + index &* width
        // Reads beyond the value, into the padding that pages have.
        let word = UInt64(bigEndian: address.loadUnaligned(as: UInt64.self))
        return Int64(bitPattern: word) &>> Int64(64 &- 8 &* width)
    }
}

/// Signed numbers of any length, highest byte first.
enum BigEndian128: IntegerSource {
    @inline(__always)
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int128
    ) -> Int128 {
        load(values + index &* width, width, &misfit)
    }

    static func load(
        _ address: UnsafeRawPointer, _ width: Int, _ misfit: inout Int128
    ) -> Int128 {
        guard width > 0 else { return 0 }
        let isNegative = address.load(as: Int8.self) < 0
        var number: Int128 = isNegative ? -1 : 0
        for byte in 0..<width {
            let next = address.load(fromByteOffset: byte, as: UInt8.self)
            // Bytes beyond 16 may only repeat the sign.
            if byte &+ 16 < width, next != (isNegative ? 0xFF : 0) { misfit = -1 }
            number = number &<< 8 | Int128(next)
        }
        if (number < 0) != isNegative { misfit = -1 }
        return number
    }
}
