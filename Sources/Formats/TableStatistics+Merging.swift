// The statistics of a whole from those of its pieces.

import StarlingTables
import StarlingTypes

extension TableStatistics {
    /// Merges the statistics of tables with the same columns.
    package init(merging pieces: [TableStatistics]) {
        let columnCount = pieces.map(\.columns.count).min() ?? 0
        self.init(
            rowCount: pieces.reduce(0) { $0 + $1.rowCount },
            isRowCountExact: pieces.allSatisfy(\.isRowCountExact),
            columns: (0..<columnCount).map { column in
                ColumnStatistics(merging: pieces.map { ($0.rowCount, $0.columns[column]) })
            })
    }
}

extension ColumnStatistics {
    /// Merges what is known of the pieces of a column, each with its number of rows; what one of
    /// them does not know is unknown.
    package init(merging pieces: [(rowCount: Int, statistics: ColumnStatistics)]) {
        self.init()
        let known = pieces.compactMap(\.statistics.nullCount)
        if known.count == pieces.count { nullCount = known.reduce(0, +) }
        // Pieces of NULLs alone have no bounds, and need none.
        let bounded = pieces.filter { $0.rowCount != $0.statistics.nullCount }.map(\.statistics)
        low = Self.extreme(bounded.map(\.low)) { $0.precedes($1) }
        high = Self.extreme(bounded.map(\.high)) { $1.precedes($0) }
        excludesNaN = !bounded.isEmpty && bounded.allSatisfy(\.excludesNaN)
        isLowExact = bounded.contains { $0.isLowExact && $0.low == low }
        isHighExact =
            !mayHaveNaNAbove && bounded.contains { $0.isHighExact && $0.high == high }
        let distinct = bounded.compactMap(\.estimatedDistinctCount)
        if distinct.count == bounded.count, let most = distinct.max() {
            // Pieces may share their values or not: somewhere between.
            let sum = distinct.reduce(0, +)
            estimatedDistinctCount = most == sum ? most : most + (sum - most) / 4
        }
        let widths = pieces.filter { $0.statistics.estimatedByteWidth != nil }
        let rowTotal = widths.reduce(0) { $0 + $1.rowCount }
        if rowTotal > 0 {
            estimatedByteWidth =
                widths.reduce(0.0) { $0 + $1.statistics.estimatedByteWidth! * Double($1.rowCount) }
                / Double(rowTotal)
        }
    }

    private static func extreme(
        _ values: [Value?], precedes: (Value, Value) -> Bool
    ) -> Value? {
        var result: Value?
        for value in values {
            guard let value else { return nil }
            if result.map({ precedes(value, $0) }) ?? true { result = value }
        }
        return result
    }
}
