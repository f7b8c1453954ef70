// The least and the largest of a column's integers: what bounds of stored columns are made of.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Finds the bounds of all integers that are not NULL; nil where there are none.
    package func extent() -> Bounds? {
        guard count > 0 else { return nil }
        let source = decodedForLoops()
        return physicalType.visitInteger(Extent(source: source))
    }
}

private struct Extent: IntegerVisitor {
    let source: Vector

    func visit<Element: KernelInteger>(_ type: Element.Type) -> Bounds? {
        let values = source.pointer(to: Element.self)
        let count = source.storedCount
        var low = Element.max
        var high = Element.min
        if let validity = source.validity {
            var isFound = false
            for row in 0..<count where validity.isValid(row) {
                low = min(low, values[row])
                high = max(high, values[row])
                isFound = true
            }
            guard isFound else { return nil }
        } else {
            for row in 0..<count {
                low = min(low, values[row])
                high = max(high, values[row])
            }
        }
        return Bounds(low: Int128(low), high: Int128(high))
    }
}
