// Bounds of integer-like columns (integers, unscaled decimals, dates, datetimes): the facts from
// which narrow physical types, overflow freedom and direct addressing follow.

/// Holds the least and the greatest value that a column can have, both included.
package struct Bounds: Hashable, Sendable {
    package var low: Int128
    package var high: Int128

    package init(low: Int128, high: Int128) {
        self.low = low
        self.high = high
    }

    package init(_ value: Int128) {
        self.init(low: value, high: value)
    }

    package func union(_ other: Bounds) -> Bounds {
        Bounds(low: min(low, other.low), high: max(high, other.high))
    }

    /// Returns what both have in common, or nil where they exclude each other.
    package func intersection(_ other: Bounds) -> Bounds? {
        let low = max(low, other.low)
        let high = min(high, other.high)
        return low <= high ? Bounds(low: low, high: high) : nil
    }

    package func contains(_ value: Int128) -> Bool { low <= value && value <= high }

    package func contains(_ other: Bounds) -> Bool { low <= other.low && other.high <= high }

    /// Counts the values between both ends, or nil where the count does not fit an Int.
    package var width: Int? {
        let (difference, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow, difference < Int128(Int.max) else { return nil }
        return Int(difference) + 1
    }

    // The arithmetic returns nil where an end leaves 128 bits.

    package func adding(_ other: Bounds) -> Bounds? {
        let (low, lowOverflow) = low.addingReportingOverflow(other.low)
        let (high, highOverflow) = high.addingReportingOverflow(other.high)
        return lowOverflow || highOverflow ? nil : Bounds(low: low, high: high)
    }

    package func subtracting(_ other: Bounds) -> Bounds? {
        let (low, lowOverflow) = low.subtractingReportingOverflow(other.high)
        let (high, highOverflow) = high.subtractingReportingOverflow(other.low)
        return lowOverflow || highOverflow ? nil : Bounds(low: low, high: high)
    }

    package func multiplying(_ other: Bounds) -> Bounds? {
        var result: Bounds?
        for left in [low, high] {
            for right in [other.low, other.high] {
                let (product, overflow) = left.multipliedReportingOverflow(by: right)
                if overflow { return nil }
                result = result?.union(Bounds(product)) ?? Bounds(product)
            }
        }
        return result
    }

    package var negated: Bounds? { Bounds(0).subtracting(self) }
}
