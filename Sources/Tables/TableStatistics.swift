// What is known of data without reading it. Everything here is exact or absent, except the counts
// that bear "estimated" in their names: results depend on it, not only plans.

import StarlingTypes

/// Holds the facts about a column of a table or of a part.
package struct ColumnStatistics: Sendable, Hashable {
    /// A value that no value lies below; not necessarily present. NULLs do not count.
    package var low: Value?
    /// A value that no value lies above; but NaN may, where `excludesNaN` is false.
    package var high: Value?
    /// True where no floating-point number is NaN.
    package var excludesNaN = false
    /// True where `low` is a value that occurs, which makes it the least one.
    package var isLowExact = false
    package var isHighExact = false
    package var nullCount: Int?
    /// The sum of all values, of integers and decimals (unscaled).
    package var sum: Int128?
    package var estimatedDistinctCount: Int?
    /// The mean bytes of a value, for strings.
    package var estimatedByteWidth: Double?
    /// How values are spread, where that is known.
    package var spread: ValueSpread?

    package init(
        low: Value? = nil, high: Value? = nil, nullCount: Int? = nil,
        estimatedDistinctCount: Int? = nil, estimatedByteWidth: Double? = nil
    ) {
        self.low = low
        self.high = high
        self.nullCount = nullCount
        self.estimatedDistinctCount = estimatedDistinctCount
        self.estimatedByteWidth = estimatedByteWidth
    }

    /// Tells whether a NaN may lie above `high`, which then is not the greatest value.
    package var mayHaveNaNAbove: Bool {
        if case .floating? = high { !excludesNaN } else { false }
    }

    /// The bounds of an integer-like column, where both ends are known.
    package var bounds: Bounds? {
        guard let low = low?.integer, let high = high?.integer, low <= high else { return nil }
        return Bounds(low: low, high: high)
    }
}

/// Holds the facts about a whole table.
package struct TableStatistics: Sendable {
    package var rowCount: Int
    /// False where `rowCount` is only an estimate.
    package var isRowCountExact: Bool
    package var columns: [ColumnStatistics]

    package init(
        rowCount: Int, isRowCountExact: Bool = true, columns: [ColumnStatistics]
    ) {
        self.rowCount = rowCount
        self.isRowCountExact = isRowCountExact
        self.columns = columns
    }
}
