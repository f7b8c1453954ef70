// `low <= x AND x <= high` in one step: the distance from `low`, taken as an unsigned number, is
// at most `high - low`.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Tells for each integer whether it lies within `range`.
    package func mask(within range: Bounds) -> Vector {
        let source = decodedForLoops()
        let result = physicalType.visitInteger(RangeMask(source: source, range: range))
        return result.withNullsAndEncoding(of: source)
    }

    /// Gives a kernel's result, computed for the stored values, the source's NULLs and encoding.
    func withNullsAndEncoding(of source: Vector) -> Vector {
        var result = self
        result.validity = source.validity
        if source.isConstant {
            result.encoding = .constant
            result.count = source.count
        }
        return result
    }

    /// Counts the values that a kernel has to go through: one for a constant.
    var storedCount: Int { isConstant ? 1 : count }
}

private struct RangeMask: IntegerVisitor {
    let source: Vector
    let range: Bounds

    func visit<Element: KernelInteger>(_ type: Element.Type) -> Vector {
        let count = source.storedCount
        let result = Vector(uninitialized: .int8, count: count)
        let mask = result.pointer(to: UInt8.self)
        let possible = Bounds(low: Int128(Element.min), high: Int128(Element.max))
        guard let range = range.intersection(possible) else {
            mask.update(repeating: 0, count: count)
            return result
        }
        let low = Element(truncatingIfNeeded: range.low)
        let width = Element.Magnitude(truncatingIfNeeded: range.high &- range.low)
        let values = source.pointer(to: Element.self)
        for row in 0..<count {
            let distance = Element.Magnitude(truncatingIfNeeded: values[row] &- low)
            mask[row] = distance <= width ? 1 : 0
        }
        return result
    }
}
