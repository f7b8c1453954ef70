// Values against the bounds that somebody gave for them. The loops say only whether there is an
// outlier. The slots of NULLs hold anything, often zero: a mask of the validity leaves them out.

import StarlingTypes
import StarlingVectors

extension Vector {
    /// Tells whether an integer that isn't NULL lies outside of `bounds`.
    package func hasIntegers(outside bounds: Bounds) -> Bool {
        // A constant keeps its value when no row has it.
        guard count > 0 else { return false }
        if let dictionary {
            let values = dictionary.values
            // Values that no row has don't count, so that an outlier is looked for once more.
            guard values.physicalType.visitInteger(OutlierSearch(source: values, bounds: bounds))
            else { return false }
            let flat = flattened()
            return flat.physicalType.visitInteger(OutlierSearch(source: flat, bounds: bounds))
        }
        return physicalType.visitInteger(OutlierSearch(source: self, bounds: bounds))
    }
}

private struct OutlierSearch: IntegerVisitor {
    let source: Vector
    let bounds: Bounds

    func visit<Element: KernelInteger>(_ type: Element.Type) -> Bool {
        let count = source.storedCount
        let possible = Bounds(low: Int128(Element.min), high: Int128(Element.max))
        guard let bounds = bounds.intersection(possible) else {
            return (source.validity?.validCount(of: count) ?? count) > 0
        }
        let low = Element(truncatingIfNeeded: bounds.low)
        let high = Element(truncatingIfNeeded: bounds.high)
        let values = UnsafePointer(source.pointer(to: Element.self))
        guard let words = source.validity?.words else {
            return hasOutlier(values, count, low, high)
        }
        for word in 0..<(count / 64) {
            let block = values + word * 64
            switch words[word] {
            case 0: continue
            case .max: if hasOutlier(block, 64, low, high) { return true }
            case let valid: if hasOutlier(block, 64, low, high, valid) { return true }
            }
        }
        let rest = count & 63
        guard rest > 0 else { return false }
        return hasOutlier(values + (count - rest), rest, low, high, words[count / 64])
    }

    @inline(__always)
    private func hasOutlier<Element: KernelInteger>(
        _ values: UnsafePointer<Element>, _ count: Int, _ low: Element, _ high: Element
    ) -> Bool {
        var least = high
        var greatest = low
        for row in 0..<count {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        return least < low || greatest > high
    }

    /// Reads at most 64 values, those whose bit is set in `valid`.
    @inline(__always)
    private func hasOutlier<Element: KernelInteger>(
        _ values: UnsafePointer<Element>, _ count: Int, _ low: Element, _ high: Element,
        _ valid: UInt64
    ) -> Bool {
        var least = high
        var greatest = low
        for row in 0..<count {
            let bit = Element(truncatingIfNeeded: (valid &>> UInt64(row)) & 1)
            let mask = 0 &- bit
            let value = (values[row] & mask) | (low & ~mask)
            least = min(least, value)
            greatest = max(greatest, value)
        }
        return least < low || greatest > high
    }
}
