// The statistics of a table from those of its segments, merged when someone asks. Rows that are gone
// still count in bounds and sketches, which stay true without being exact; counts and sums are unknown
// where they might be wrong.

import StarlingTables
import StarlingTypes
import Synchronization

/// Holds what is known of the rows of a snapshot.
final class MergedStatistics: Sendable {
    private let segments: [Segment]
    private let columnCount: Int
    private let known = Mutex<TableStatistics?>(nil)
    private static let spreadSegmentMax = 64

    init(_ segments: [Segment], columnCount: Int) {
        self.segments = segments
        self.columnCount = columnCount
    }

    var statistics: TableStatistics {
        known.withLock { known in
            if let known { return known }
            let merged = TableStatistics(
                rowCount: segments.reduce(0) { $0 + $1.liveRowCount },
                isRowCountExact: segments.allSatisfy { $0.damage == nil },
                columns: (0..<columnCount).map { column in
                    Self.merge(segments) { $0.columns[column].summary }
                })
            known = merged
            return merged
        }
    }

    /// Merges what is known of a column of some segments.
    static func merge(
        _ segments: [Segment], _ summary: @escaping @Sendable (Segment) -> ColumnSummary
    ) -> ColumnStatistics {
        var result = ColumnStatistics(nullCount: 0)
        result.sum = 0
        var low = MergedBound(isLow: true)
        var high = MergedBound(isLow: false)
        var distinct: DistinctRegisters? = DistinctRegisters()
        var mostDistinct: Int?
        var excludesNaN = true
        var valueCount = 0
        var (byteCount, byteRowCount) = (0.0, 0.0)
        for segment in segments {
            let summary = summary(segment)
            let own = summary.statistics
            // How many of the NULLs, and what of the sum, are among the rows that are gone is unknown.
            if segment.hidden != nil {
                if own.nullCount != 0 { result.nullCount = nil }
                result.sum = nil
            }
            result.add(nullCount: own.nullCount, sum: own.sum)
            guard own.nullCount != segment.rowCount else { continue }
            valueCount += segment.rowCount - (own.nullCount ?? 0)
            excludesNaN = excludesNaN && own.excludesNaN
            low.add(own.low, isExact: own.isLowExact && segment.hidden == nil)
            high.add(own.high, isExact: own.isHighExact && segment.hidden == nil)
            if let more = summary.distinct { distinct?.merge(more) } else { distinct = nil }
            if let count = own.estimatedDistinctCount {
                mostDistinct = max(mostDistinct ?? 0, count)
            }
            if let width = own.estimatedByteWidth {
                byteCount += width * Double(segment.rowCount)
                byteRowCount += Double(segment.rowCount)
            }
        }
        (result.low, result.isLowExact) = (low.value, low.isExact)
        result.excludesNaN = valueCount > 0 && excludesNaN
        result.high = high.value
        result.isHighExact = high.isExact && !result.mayHaveNaNAbove
        if valueCount > 0 {
            // Without sketches: segments tend to have the same values.
            result.estimatedDistinctCount =
                distinct.map {
                    min(max(1, $0.estimate), valueCount, result.bounds?.width ?? .max)
                } ?? mostDistinct
        }
        if byteRowCount > 0 { result.estimatedByteWidth = byteCount / byteRowCount }
        result.spread = spread(segments, result.estimatedDistinctCount, summary)
        return result
    }

    /// Tells how the values of some segments are spread, which is found out when someone asks; nil
    /// where no segment knows more than that they are evenly.
    private static func spread(
        _ segments: [Segment], _ distinctCount: Int?,
        _ summary: @escaping @Sendable (Segment) -> ColumnSummary
    ) -> ValueSpread? {
        guard segments.contains(where: { summary($0).spread != nil }) else { return nil }
        return ValueSpread {
            // Neighbours are alike, and a histogram of the table needs no more.
            let step = (segments.count + spreadSegmentMax - 1) / spreadSegmentMax
            let parts = stride(from: 0, to: segments.count, by: step).map { place in
                let segment = segments[place]
                let known = summary(segment)
                return ColumnHistogram.Part(
                    histogram: known.spread?.histogram, low: known.statistics.low,
                    high: known.statistics.high,
                    valueCount: segment.rowCount - (known.statistics.nullCount ?? 0))
            }
            return ColumnHistogram(merging: parts, distinctCount: distinctCount)
        }
    }
}

extension ColumnStatistics {
    /// Counts the NULLs and the sum of more rows.
    fileprivate mutating func add(nullCount more: Int?, sum: Int128?) {
        if let count = nullCount { nullCount = more.map { count + $0 } }
        if let before = self.sum {
            let (total, isOver) = before.addingReportingOverflow(sum ?? 0)
            self.sum = sum == nil || isOver ? nil : total
        }
    }
}

/// Is the outermost of several bounds; unknown once one of them is.
private struct MergedBound {
    let isLow: Bool
    private(set) var value: Value?
    private(set) var isExact = false
    private var isUnknown = false

    init(isLow: Bool) { self.isLow = isLow }

    mutating func add(_ bound: Value?, isExact isBoundExact: Bool) {
        guard let bound, !isUnknown else {
            isUnknown = true
            value = nil
            isExact = false
            return
        }
        guard let before = value else {
            value = bound
            isExact = isBoundExact
            return
        }
        guard let order = bound.order(to: before) else {
            isUnknown = true
            value = nil
            isExact = false
            return
        }
        if order == 0 {
            isExact = isExact || isBoundExact
        } else if (order < 0) == isLow {
            value = bound
            isExact = isBoundExact
        }
    }
}
