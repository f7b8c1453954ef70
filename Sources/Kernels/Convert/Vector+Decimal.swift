// Decimals between scales, and between floating-point numbers and integers.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Multiplies unscaled decimals by ten to the power of `digits`; the bounds prove that the
    /// products fit `type`.
    package func scaledUp(digits: Int, to type: PhysicalType) -> Vector {
        let wide = withIntegerLayout(type)
        return type.visitInteger(ScaleUp(source: wide, factor: powerOfTen(digits)))
            .withNullsAndEncoding(of: wide)
    }

    /// Rescales decimals, halves away from zero, into `type`; NULL where the result has more than
    /// `precision` digits.
    package func rescaled(
        from scale: Int, to newScale: Int, precision: Int, layout type: PhysicalType
    ) -> Vector {
        let wide = withIntegerLayout(.int128)
        var result = Vector(uninitialized: .int128, count: wide.storedCount)
        let (input, output) = (wide.pointer(to: Int128.self), result.pointer(to: Int128.self))
        let failed = Vector(uninitialized: .int8, count: wide.storedCount)
        let flags = failed.pointer(to: UInt8.self)
        for row in 0..<wide.storedCount {
            let value = rescale(input[row], from: scale, to: newScale, precision: precision)
            output[row] = value ?? 0
            flags[row] = value == nil ? 0 : 1
        }
        result = result.withNullsAndEncoding(of: wide)
        var mask = failed
        if wide.isConstant {
            mask.encoding = .constant
            mask.count = wide.count
        }
        result.setNullWhereFalse(mask)
        return result.withIntegerLayout(type)
    }

    /// Divides unscaled decimals by ten to the power of `scale` and gives the nearest floating-point
    /// numbers.
    package func decimalToFloating(scale: Int, _ type: PhysicalType) -> Vector {
        let wide = convertedToFloating(.float64)
        guard scale > 0 else { return wide.convertedToFloating(type) }
        let divisor = Double(powerOfTen(scale))
        let result = Vector(uninitialized: .float64, count: wide.storedCount)
        let (input, output) = (wide.pointer(to: Double.self), result.pointer(to: Double.self))
        var largest = 0.0
        for row in 0..<wide.storedCount {
            output[row] = input[row] / divisor
            largest = max(largest, input[row].magnitude)
        }
        if largest >= Double(Double.exactIntegerMax) || scale > Double.exactPowerMax {
            // Where an operand was rounded, the quotient would be so a second time.
            let exact = withIntegerLayout(.int128)
            let integers = exact.pointer(to: Int128.self)
            for row in 0..<wide.storedCount {
                output[row] = Double(nearest: integers[row], scale: scale)
            }
            withExtendedLifetime(exact) {}
        }
        return result.withNullsAndEncoding(of: wide).convertedToFloating(type)
    }

    /// Converts floating-point numbers, times ten to the power of `scale`, to integers within
    /// `range`: rounded half away from zero where `rounds`, else cut; NULL for what does not fit.
    package func floatingToInteger(
        scale: Int, rounds: Bool, within range: Bounds, layout type: PhysicalType
    ) -> Vector {
        let wide = decodedForLoops().convertedToFloating(.float64)
        let count = wide.storedCount
        let factor = Double(powerOfTen(scale))
        let result = Vector(uninitialized: .int128, count: count)
        var mask = Vector(uninitialized: .int8, count: count)
        let (input, output) = (wide.pointer(to: Double.self), result.pointer(to: Int128.self))
        let flags = mask.pointer(to: UInt8.self)
        for row in 0..<count {
            let scaled = input[row] * factor
            let rounded =
                rounds ? scaled.rounded(.toNearestOrAwayFromZero) : scaled.rounded(.towardZero)
            // False for NaN as well.
            let fits = rounded.magnitude < 1.7e38
            let isShort = rounded.magnitude < 0x1p63
            let value = isShort ? Int128(Int64(rounded)) : fits ? Int128(rounded) : 0
            let isInside = fits && range.contains(value)
            output[row] = isInside ? value : 0
            flags[row] = isInside ? 1 : 0
        }
        if wide.isConstant {
            mask.encoding = .constant
            mask.count = wide.count
        }
        var integers = result.withNullsAndEncoding(of: wide)
        integers.setNullWhereFalse(mask)
        return integers.withIntegerLayout(type)
    }
}

private struct ScaleUp: IntegerVisitor {
    let source: Vector
    let factor: Int128

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        let count = source.storedCount
        let result = Vector(uninitialized: source.physicalType, count: count)
        let factor = Element(truncatingIfNeeded: factor)
        let (input, output) = (source.pointer(to: Element.self), result.pointer(to: Element.self))
        for row in 0..<count { output[row] = input[row] &* factor }
        return result
    }
}
