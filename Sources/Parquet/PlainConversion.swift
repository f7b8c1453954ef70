// From a value as PLAIN encoding lays it down to the physical type that was asked for. Conversions
// are types, so that each pair gets a loop of its own.

import StarlingVectors

/// Converts one value.
protocol PlainConversion {
    associatedtype Target: BitwiseCopyable
    associatedtype Misfit: FixedWidthInteger
    /// True where targets point into the page.
    static var refersToBytes: Bool { get }
    /// True where values may have digits that the target has no place for.
    static var mayCut: Bool { get }

    /// Tells whether value `index` has such digits.
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool

    /// Loads value `index`; `misfit` becomes nonzero where the target cannot hold it.
    static func apply(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Misfit
    ) -> Target
}

extension PlainConversion {
    static var mayCut: Bool { false }
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool { false }
}

/// Loads an integer-like number.
protocol IntegerSource {
    associatedtype Number: FixedWidthInteger & SignedInteger & BitwiseCopyable
    static var mayCut: Bool { get }

    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool

    /// Loads value `index`; `misfit` becomes nonzero where there is no such number.
    static func load(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Number
    ) -> Number
}

extension IntegerSource {
    static var mayCut: Bool { false }
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool { false }
}

/// Narrows or widens integers, and notes where the value does not fit.
enum IntegerConversion<
    Source: IntegerSource, Target: FixedWidthInteger & BitwiseCopyable
>: PlainConversion {
    static var refersToBytes: Bool { false }
    static var mayCut: Bool { Source.mayCut }

    @inline(__always)
    static func isCut(_ values: UnsafeRawPointer, at index: Int) -> Bool {
        Source.isCut(values, at: index)
    }

    @inline(__always)
    static func apply(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Source.Number
    ) -> Target {
        let number = Source.load(values, at: index, width: width, misfit: &misfit)
        let target = Target(truncatingIfNeeded: number)
        misfit |= Source.Number(truncatingIfNeeded: target) ^ number
        return target
    }
}

/// Takes values as they lie in the file.
enum SameConversion<Target: BitwiseCopyable>: PlainConversion {
    static var refersToBytes: Bool { false }

    @inline(__always)
    static func apply(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int
    ) -> Target {
        values.loadUnaligned(fromByteOffset: index &* MemoryLayout<Target>.size, as: Target.self)
    }
}

/// Widens half-precision numbers, which every FLOAT can hold.
enum HalfConversion: PlainConversion {
    static var refersToBytes: Bool { false }

    @inline(__always)
    static func apply(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int
    ) -> Float {
        let bits = values.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
        return single(bits)
    }

    /// Widens by moving the exponent; subnormals are a whole number of 2⁻²⁴.
    static func single(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) &<< 16
        let exponent = UInt32(bits &>> 10) & 0x1F
        let fraction = UInt32(bits) & 0x3FF
        if exponent == 0 {
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        }
        let wide: UInt32 = exponent == 31 ? 0xFF : exponent &+ 112
        return Float(bitPattern: sign | wide &<< 23 | fraction &<< 13)
    }
}

/// Refers to the bytes of values that all have the same length.
enum BytesConversion: PlainConversion {
    static var refersToBytes: Bool { true }

    @inline(__always)
    static func apply(
        _ values: UnsafeRawPointer, at index: Int, width: Int, misfit: inout Int
    ) -> SixteenBytes {
        paddedReference(values + index &* width, count: width)
    }
}
