// The loops that turn stored numbers into a vector's. Each is generic over how a value is read and
// specialized here.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads one stored number. What does not fit is told by `isFit`.
private protocol StoredNumber {
    associatedtype Output: BitwiseCopyable
    static func read(
        _ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool
    ) -> Output
}

private struct SignedNumber<Stored: FixedWidthInteger & BitwiseCopyable, Output>: StoredNumber
where Output: FixedWidthInteger & BitwiseCopyable {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Output {
        let stored = values.loadUnaligned(
            fromByteOffset: row &* MemoryLayout<Stored>.size, as: Stored.self)
        return Output(truncatingIfNeeded: stored)
    }
}

private struct Bit: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Int8 {
        let byte = values.load(fromByteOffset: row &>> 3, as: UInt8.self)
        return Int8((byte &>> UInt8(row & 7)) & 1)
    }
}

private struct ByteBoolean: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Int8 {
        values.load(fromByteOffset: row, as: UInt8.self) == 0 ? 0 : 1
    }
}

private struct HalfNumber: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Float {
        let bits = values.loadUnaligned(fromByteOffset: row &* 2, as: UInt16.self)
        let sign = UInt32(bits & 0x8000) &<< 16
        let magnitude = UInt32(bits & 0x7FFF)
        if magnitude >= 0x7C00 {
            return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) &<< 13)
        }
        // As bits of a Float the exponent is 112 too small; the product is exact, also for
        // subnormal numbers.
        let scaled = Float(bitPattern: magnitude &<< 13) * 0x1p112
        return Float(bitPattern: scaled.bitPattern | sign)
    }
}

private struct FloatingNumber<Stored: BitwiseCopyable>: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Stored {
        values.loadUnaligned(fromByteOffset: row &* MemoryLayout<Stored>.size, as: Stored.self)
    }
}

/// Counts units of time of which each is `Factor` microseconds.
private struct LongTicks<Stored: FixedWidthInteger & BitwiseCopyable, Factor: TickFactor>:
    StoredNumber
{
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Int64 {
        let stored = values.loadUnaligned(
            fromByteOffset: row &* MemoryLayout<Stored>.size, as: Stored.self)
        let (product, overflow) = Int64(truncatingIfNeeded: stored)
            .multipliedReportingOverflow(by: Factor.microseconds)
        isFit = isFit && !overflow
        return product
    }
}

private protocol TickFactor { static var microseconds: Int64 { get } }
private struct Seconds: TickFactor { static var microseconds: Int64 { 1_000_000 } }
private struct Milliseconds: TickFactor { static var microseconds: Int64 { 1_000 } }
private struct Microseconds: TickFactor { static var microseconds: Int64 { 1 } }

/// Counts nanoseconds; a time is in the microsecond that it lies in.
private struct Nanoseconds: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Int64 {
        let stored = values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
        let quotient = stored / 1_000
        return quotient &- (quotient &* 1_000 > stored ? 1 : 0)
    }
}

private struct DayMilliseconds: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Int32 {
        let stored = values.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
        let days = stored / 86_400_000
        isFit =
            isFit && days &* 86_400_000 == stored && Int64(Int32(truncatingIfNeeded: days)) == days
        return Int32(truncatingIfNeeded: days)
    }
}

/// Reads the low half of 256 bits, of which the high half must be nothing but the sign.
private struct DoubleWideNumber<Output: FixedWidthInteger & BitwiseCopyable>: StoredNumber {
    @inline(__always)
    static func read(_ values: UnsafeRawPointer, _ row: Int, _ isFit: inout Bool) -> Output {
        let low = values.loadUnaligned(fromByteOffset: row &* 32, as: Int128.self)
        let high = values.loadUnaligned(fromByteOffset: row &* 32 &+ 16, as: Int128.self)
        isFit = isFit && high == low &>> 127 && Int128(Output(truncatingIfNeeded: low)) == low
        return Output(truncatingIfNeeded: low)
    }
}

enum ArrowLoops {
    /// Converts the rows of a window; false where a value does not fit or is not allowed.
    static func convert(
        _ storage: ArrowStorage, _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds,
        into result: Vector
    ) -> Bool {
        switch storage {
        case .bits: return integers(Bit.self, values, window, allowed, result)
        case .byteBooleans: return integers(ByteBoolean.self, values, window, allowed, result)
        case .integer(1, true): return widened(Int8.self, values, window, allowed, result)
        case .integer(1, false): return widened(UInt8.self, values, window, allowed, result)
        case .integer(2, true): return widened(Int16.self, values, window, allowed, result)
        case .integer(2, false): return widened(UInt16.self, values, window, allowed, result)
        case .integer(4, true), .decimal(4):
            return widened(Int32.self, values, window, allowed, result)
        case .integer(4, false): return widened(UInt32.self, values, window, allowed, result)
        case .integer(_, true), .decimal(8):
            return widened(Int64.self, values, window, allowed, result)
        case .integer: return widened(UInt64.self, values, window, allowed, result)
        case .decimal(16): return narrowed(values, window, allowed, result)
        case .decimal: return doubleWide(values, window, allowed, result)
        case .half: return floats(HalfNumber.self, values, window, result)
        case .single: return floats(FloatingNumber<Float>.self, values, window, result)
        case .double: return floats(FloatingNumber<Double>.self, values, window, result)
        case .dateMilliseconds:
            return integers(DayMilliseconds.self, values, window, allowed, result)
        case .ticks(let byteWidth, let unit):
            return ticks(byteWidth, unit, values, window, allowed, result)
        default: return false
        }
    }

    private static func ticks(
        _ byteWidth: Int, _ unit: ArrowTimeUnit, _ values: Buffer, _ window: ArrowWindow,
        _ allowed: Bounds, _ result: Vector
    ) -> Bool {
        switch (unit, byteWidth) {
        case (.seconds, 4):
            integers(LongTicks<Int32, Seconds>.self, values, window, allowed, result)
        case (.seconds, _):
            integers(LongTicks<Int64, Seconds>.self, values, window, allowed, result)
        case (.milliseconds, 4):
            integers(LongTicks<Int32, Milliseconds>.self, values, window, allowed, result)
        case (.milliseconds, _):
            integers(LongTicks<Int64, Milliseconds>.self, values, window, allowed, result)
        case (.microseconds, 4):
            integers(LongTicks<Int32, Microseconds>.self, values, window, allowed, result)
        case (.microseconds, _):
            integers(LongTicks<Int64, Microseconds>.self, values, window, allowed, result)
        case (.nanoseconds, 4): false
        case (.nanoseconds, _): integers(Nanoseconds.self, values, window, allowed, result)
        }
    }

    /// Reads integers that are no wider than the result's.
    private static func widened<Stored: FixedWidthInteger & BitwiseCopyable>(
        _: Stored.Type, _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds,
        _ result: Vector
    ) -> Bool {
        switch result.physicalType {
        case .int8:
            integers(SignedNumber<Stored, Int8>.self, values, window, allowed, result)
        case .int16:
            integers(SignedNumber<Stored, Int16>.self, values, window, allowed, result)
        case .int32:
            integers(SignedNumber<Stored, Int32>.self, values, window, allowed, result)
        case .int64:
            integers(SignedNumber<Stored, Int64>.self, values, window, allowed, result)
        default:
            integers(SignedNumber<Stored, Int128>.self, values, window, allowed, result)
        }
    }

    /// Reads decimals of 128 bits, whose precision may have them lie in fewer.
    private static func narrowed(
        _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds, _ result: Vector
    ) -> Bool {
        if window.isWhole {
            switch result.physicalType {
            case .int32: return denseDecimals(Int32.self, values, window, allowed, result)
            case .int64: return denseDecimals(Int64.self, values, window, allowed, result)
            default: break
            }
        }
        let wide = Vector(uninitialized: .int128, count: window.count)
        guard
            integers(SignedNumber<Int128, Int128>.self, values, window, allowed, wide)
        else { return false }
        copyNarrowed(wide, into: result)
        return true
    }

    /// Reads decimals that 64 bits hold, of rows that all have a value.
    private static func denseDecimals<Output: FixedWidthInteger & BitwiseCopyable>(
        _: Output.Type, _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds,
        _ result: Vector
    ) -> Bool {
        let source = UnsafeRawPointer(values.baseAddress) + window.start * 16
        let target = result.pointer(to: Output.self)
        let least = Int64(clamping: allowed.low)
        let greatest = Int64(clamping: allowed.high)
        var excess: Int64 = 0
        for position in 0..<window.count {
            let low = source.loadUnaligned(fromByteOffset: position &* 16, as: Int64.self)
            let high = source.loadUnaligned(fromByteOffset: position &* 16 &+ 8, as: Int64.self)
            // The high half must be nothing but the sign.
            excess |= high ^ (low &>> 63)
            excess |= (low < least ? 1 : 0) | (low > greatest ? 1 : 0)
            target[position] = Output(truncatingIfNeeded: low)
        }
        withExtendedLifetime(values) {}
        return excess == 0
    }

    private static func doubleWide(
        _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds, _ result: Vector
    ) -> Bool {
        let wide = Vector(uninitialized: .int128, count: window.count)
        guard integers(DoubleWideNumber<Int128>.self, values, window, allowed, wide) else {
            return false
        }
        copyNarrowed(wide, into: result)
        return true
    }

    /// Copies numbers that are known to fit.
    private static func copyNarrowed(_ wide: Vector, into result: Vector) {
        let source = wide.pointer(to: Int128.self)
        switch result.physicalType {
        case .int32:
            let target = result.pointer(to: Int32.self)
            for row in 0..<wide.count { target[row] = Int32(truncatingIfNeeded: source[row]) }
        case .int64:
            let target = result.pointer(to: Int64.self)
            for row in 0..<wide.count { target[row] = Int64(truncatingIfNeeded: source[row]) }
        default:
            result.pointer(to: Int128.self).update(from: source, count: wide.count)
        }
    }

    @inline(never)
    private static func integers<Number: StoredNumber>(
        _: Number.Type, _ values: Buffer, _ window: ArrowWindow, _ allowed: Bounds,
        _ result: Vector
    ) -> Bool where Number.Output: FixedWidthInteger {
        let source = UnsafeRawPointer(values.baseAddress)
        let target = result.pointer(to: Number.Output.self)
        let low = Number.Output(clamping: allowed.low)
        let high = Number.Output(clamping: allowed.high)
        var isFit = true
        if window.isWhole {
            var outside: Number.Output = 0
            for position in 0..<window.count {
                let number = Number.read(source, window.start &+ position, &isFit)
                outside |= (number < low ? 1 : 0) | (number > high ? 1 : 0)
                target[position] = number
            }
            withExtendedLifetime(values) {}
            return isFit && outside == 0
        }
        for position in 0..<window.count {
            let row = window.row(position)
            guard window.isValid(row) else {
                target[position] = 0
                continue
            }
            let number = Number.read(source, row, &isFit)
            isFit = isFit && number >= low && number <= high
            target[position] = number
        }
        withExtendedLifetime(values) {}
        return isFit
    }

    @inline(never)
    private static func floats<Number: StoredNumber>(
        _: Number.Type, _ values: Buffer, _ window: ArrowWindow, _ result: Vector
    ) -> Bool where Number.Output: BinaryFloatingPoint {
        let source = UnsafeRawPointer(values.baseAddress)
        let target = result.pointer(to: Number.Output.self)
        var isFit = true
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] = window.isValid(row) ? Number.read(source, row, &isFit) : 0
        }
        withExtendedLifetime(values) {}
        return isFit
    }
}
