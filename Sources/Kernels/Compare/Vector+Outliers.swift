// Values against the bounds that somebody gave for them. The loop says only whether there is an
// outlier, over all slots; NULLs are left out in a second one, which damaged data alone needs.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Tells whether an integer that isn't NULL lies outside of `bounds`.
    package func hasIntegers(outside bounds: Bounds) -> Bool {
        let stored = dictionary?.values ?? self
        guard stored.physicalType.visitInteger(OutlierSearch(source: stored, bounds: bounds))
        else { return false }
        let source = flattened()
        return (0..<count).contains { row in
            guard source.isValid(row), let value = source.value(at: row).integer else {
                return false
            }
            return !bounds.contains(value)
        }
    }
}

private struct OutlierSearch: IntegerVisitor {
    let source: Vector
    let bounds: Bounds

    func visit<Element: KernelInteger>(_ type: Element.Type) -> Bool {
        let count = source.storedCount
        let possible = Bounds(low: Int128(Element.min), high: Int128(Element.max))
        guard let bounds = bounds.intersection(possible) else { return count > 0 }
        let low = Element(truncatingIfNeeded: bounds.low)
        let high = Element(truncatingIfNeeded: bounds.high)
        let values = source.pointer(to: Element.self)
        var least = high
        var greatest = low
        for row in 0..<count {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        return least < low || greatest > high
    }
}
