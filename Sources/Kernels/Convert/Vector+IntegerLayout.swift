// Moves integers between layouts, and integers to floating-point numbers.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Returns the same integers in another layout; the values fit it. Dictionaries are flattened.
    package func withIntegerLayout(_ type: PhysicalType) -> Vector {
        if physicalType == type { return decodedForLoops() }
        let source = decodedForLoops()
        return physicalType.visitInteger(LayoutSource(source: source, target: type))
            .withNullsAndEncoding(of: source)
    }

    /// Moves integers into `type` and sets the rows NULL whose value lies outside of `range`,
    /// which the target's layout holds.
    package func narrowed(to type: PhysicalType, within range: Bounds) -> Vector {
        let source = decodedForLoops()
        var result = source.withIntegerLayout(type)
        let inRange = source.mask(within: range)
        result.setNullWhereFalse(inRange)
        return result
    }

    /// Sets the rows NULL for which `mask` is not true.
    package mutating func setNullWhereFalse(_ mask: Vector) {
        if isConstant, mask.isConstant {
            let isTrue = mask.isValid(0) && mask.pointer(to: UInt8.self)[0] & 1 != 0
            if !isTrue { validity = Validity(count: 1, allValid: false) }
            return
        }
        if isConstant { self = flattened() }
        let flat = mask.flattened()
        let bits = flat.truthBits()
        if let both = Validity.intersection(bits, rowValidity(), count: count) {
            validity = both.validCount(of: count) == count ? nil : both
        }
        clearStringsUnderNulls()
    }

    /// Converts numbers to FLOAT or DOUBLE.
    package func convertedToFloating(_ type: PhysicalType) -> Vector {
        if physicalType == type { return decodedForLoops() }
        let source = decodedForLoops()
        let result =
            physicalType.isFloating
            ? physicalType.visitFloat(FloatSource(source: source, target: type))
            : physicalType.visitInteger(FloatFromInteger(source: source, target: type))
        return result.withNullsAndEncoding(of: source)
    }
}

private struct LayoutSource: IntegerVisitor {
    let source: Vector
    let target: PhysicalType

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        target.visitInteger(LayoutTarget<Element>(source: source, target: target))
    }
}

private struct LayoutTarget<Input: KernelInteger>: IntegerVisitor {
    let source: Vector
    let target: PhysicalType

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        let count = source.storedCount
        let result = Vector(uninitialized: target, count: count)
        let (input, output) = (source.pointer(to: Input.self), result.pointer(to: Element.self))
        for row in 0..<count { output[row] = Element(truncatingIfNeeded: input[row]) }
        return result
    }
}

private struct FloatFromInteger: IntegerVisitor {
    let source: Vector
    let target: PhysicalType

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        let count = source.storedCount
        let result = Vector(uninitialized: target, count: count)
        let input = source.pointer(to: Element.self)
        if target == .float32 {
            let output = result.pointer(to: Float.self)
            for row in 0..<count { output[row] = input[row].nearestFloat }
        } else {
            let output = result.pointer(to: Double.self)
            for row in 0..<count { output[row] = input[row].nearestDouble }
        }
        return result
    }
}

private struct FloatSource: FloatVisitor {
    let source: Vector
    let target: PhysicalType

    @inline(__always)
    func visit<Element: KernelFloat>(_ type: Element.Type) -> Vector {
        let count = source.storedCount
        let result = Vector(uninitialized: target, count: count)
        let input = source.pointer(to: Element.self)
        if target == .float32 {
            let output = result.pointer(to: Float.self)
            for row in 0..<count { output[row] = Float(input[row]) }
        } else {
            let output = result.pointer(to: Double.self)
            for row in 0..<count { output[row] = Double(input[row]) }
        }
        return result
    }
}
