// Rows of a table on which orders are tried.

import StarlingErrors
import StarlingFunctions
import StarlingStorage
import StarlingTypes
import StarlingVectors

/// Holds sampled rows, column by column, as ranks: places among the different values of the sample.
struct ClusteringSample {
    /// Is a filter with bounds as ranks: ranges, of which a row must lie in one, for each column.
    private struct RankedFilter {
        var weight: Double
        var conditions: [(column: Int, ranges: [ClosedRange<Int32>])]
    }

    let rowCount: Int
    /// The ranks of each column; -1 is NULL.
    private let ranks: [[Int32]]
    private let vectors: [[Vector]]
    /// Where the sampled runs end.
    private let runEnds: [Int]
    private let filters: [RankedFilter]

    /// Ranks the rows of runs; `columns` are the numbers by which filters know them.
    init(
        _ runs: [[Vector]], filters: [(filter: RecordedFilter, weight: Double)], columns: [UInt32]
    ) {
        var ends: [Int] = []
        for run in runs { ends.append((ends.last ?? 0) + (run.first?.count ?? 0)) }
        runEnds = ends
        rowCount = ends.last ?? 0
        vectors = columns.indices.map { column in runs.map { $0[column] } }
        var ranks: [[Int32]] = []
        var known: [[Value]] = []
        for column in columns.indices {
            let values = runs.flatMap { run in
                (0..<run[column].count).map { run[column].value(at: $0) }
            }
            let distinct = Self.distinct(values)
            known.append(distinct)
            ranks.append(
                values.map { $0.isNull ? -1 : Int32(Self.countBelow($0, distinct)) })
        }
        self.ranks = ranks
        self.filters = filters.map { filter, weight in
            RankedFilter(
                weight: weight,
                conditions: filter.conditions.compactMap { condition in
                    columns.firstIndex(of: condition.target.column).map { column in
                        (column, Self.ranges(of: condition, known[column]))
                    }
                })
        }
    }

    private static func distinct(_ values: [Value]) -> [Value] {
        var distinct: [Value] = []
        for value in values.filter({ !$0.isNull }).sorted(by: { $0.precedes($1) })
        where distinct.last?.precedes(value) ?? true {
            distinct.append(value)
        }
        return distinct
    }

    /// Counts the values of an ascending list that lie below one.
    private static func countBelow(_ value: Value, _ values: [Value]) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle].precedes(value) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The ranks that a condition lets pass. A value that the sample lacks lies between two ranks, and
    /// so do the rows that have it: it counts as the upper one.
    private static func ranges(
        of condition: RecordedCondition, _ values: [Value]
    ) -> [ClosedRange<Int32>] {
        let last = Int32(max(0, values.count - 1))
        func rank(_ value: Value) -> Int32 { min(last, Int32(countBelow(value, values))) }
        if !condition.values.isEmpty {
            return condition.values.map { rank($0)...rank($0) }
        }
        let low = condition.low.map(rank) ?? 0
        return [low...max(low, condition.high.map(rank) ?? last)]
    }

    // MARK: Shares

    /// The share of the sampled runs that filters read.
    func shareOfRuns() -> Double {
        share(of: Array(0..<rowCount), endingAt: runEnds)
    }

    /// The share of the rows that filters read once they are sorted and cut into stretches.
    func share(
        sortedBy columns: [Int], _ curve: ClusteringCurve.Kind?, stretchRowCount: Int
    ) throws(StarlingError) -> Double {
        var rows = Array(0..<rowCount)
        if let curve {
            let line = ClusteringCurve(curve, axisCount: columns.count)
            let places = columns.map { column in
                let learned = ColumnRanks(sample: vectors[column], bitCount: line.bitCount)
                return vectors[column].map { learned.ranks(of: $0, as: .int16) }
            }
            let keys = vectors[columns[0]].indices.flatMap { run -> [Int64] in
                line.places(of: places.map { $0[run] })
            }
            rows.sort { keys[$0] < keys[$1] }
        } else {
            rows.sort { left, right in
                for column in columns where ranks[column][left] != ranks[column][right] {
                    return ranks[column][left] < ranks[column][right]
                }
                return left < right
            }
        }
        var ends = Array(stride(from: stretchRowCount, to: rowCount, by: stretchRowCount))
        ends.append(rowCount)
        return share(of: rows, endingAt: ends)
    }

    /// The share of rows that lie in stretches whose bounds exclude no condition.
    private func share(of rows: [Int], endingAt ends: [Int]) -> Double {
        guard rowCount > 0 else { return 0 }
        var bounds: [[ClosedRange<Int32>?]] = []
        var start = 0
        for end in ends {
            bounds.append(ranks.map { Self.bounds(of: rows[start..<end], in: $0) })
            start = end
        }
        return filters.reduce(0) { sum, filter in
            var readCount = 0
            var start = 0
            for (stretch, end) in zip(bounds, ends) {
                let isRead = filter.conditions.allSatisfy { column, ranges in
                    stretch[column].map { all in ranges.contains { $0.overlaps(all) } } ?? false
                }
                if isRead { readCount += end - start }
                start = end
            }
            return sum + filter.weight * Double(readCount) / Double(rowCount)
        }
    }

    private static func bounds(
        of rows: ArraySlice<Int>, in ranks: [Int32]
    ) -> ClosedRange<Int32>? {
        var (low, high) = (Int32.max, Int32.min)
        for row in rows where ranks[row] >= 0 {
            low = min(low, ranks[row])
            high = max(high, ranks[row])
        }
        return low <= high ? low...high : nil
    }
}
