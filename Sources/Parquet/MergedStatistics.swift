// The statistics of a table from those of its row groups.

import StarlingTables
import StarlingTypes

enum MergedStatistics {
    /// Merges what the parts know; a bound that one part lacks is unknown.
    static func merge(_ parts: [RowGroupPart], column: Int) -> ColumnStatistics {
        var result = ColumnStatistics()
        var widthTotal = 0.0
        var rowTotal = 0
        for (index, part) in parts.enumerated() {
            let next = part.statistics(ofColumn: column)
            if let width = next.estimatedByteWidth {
                widthTotal += width * Double(part.rowCount)
                rowTotal += part.rowCount
            }
            if index == 0 {
                result.nullCount = next.nullCount
            } else if let known = result.nullCount, let more = next.nullCount {
                result.nullCount = known + more
            } else {
                result.nullCount = nil
            }
        }
        let bounded = parts.lazy.map { ($0.rowCount, $0.statistics(ofColumn: column)) }
            .filter { $0.0 != $0.1.nullCount }.map(\.1)
        result.low = bounded.first?.low
        result.high = bounded.first?.high
        for next in bounded.dropFirst() {
            result.low = least(result.low, next.low)
            result.high = greatest(result.high, next.high)
        }
        if rowTotal > 0 { result.estimatedByteWidth = widthTotal / Double(rowTotal) }
        result.estimatedDistinctCount = DistinctEstimate.estimate(
            parts, column: column, bounds: result.bounds)
        return result
    }

    private static func least(_ left: Value?, _ right: Value?) -> Value? {
        guard let left, let right else { return nil }
        return precedes(right, left) ? right : left
    }

    private static func greatest(_ left: Value?, _ right: Value?) -> Value? {
        guard let left, let right else { return nil }
        return precedes(left, right) ? right : left
    }

    static func precedes(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.floating(let left), .floating(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }
}
