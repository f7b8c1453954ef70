// How many distinct values a column has, from the sizes of some row groups' dictionaries.
//
//  1. Where row groups cover ranges that hardly overlap (the file is sorted by the column), each has
//     values of its own: the share of distinct values among the rows is the table's.
//  2. Else a row group is a sample of n draws from a domain of D values, of which
//     d = D · (1 - e^(-n/D)) are seen; that gives D, and the same formula what N draws see.

import StarlingTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

enum DistinctEstimate {
    private static let sampleCountMax = 6

    static func estimate(_ parts: [RowGroupPart], column: Int, bounds: Bounds?) -> Int? {
        let rowCount = parts.reduce(0) { $0 + $1.rowCount }
        let step = max(1, parts.count / sampleCountMax)
        var rows = 0.0
        var distinct = 0.0
        var samples = 0.0
        var widths = 0.0
        for index in stride(from: 0, to: parts.count, by: step) {
            let known = parts[index].statistics(ofColumn: column)
            let count =
                known.estimatedDistinctCount ?? parts[index].dictionaryValueCount(ofColumn: column)
            guard let count else { return nil }
            rows += Double(parts[index].rowCount)
            distinct += Double(min(count, parts[index].rowCount))
            samples += 1
            if let bounds = known.bounds { widths += Double(bounds.high) - Double(bounds.low) + 1 }
        }
        guard samples > 0, distinct > 0 else { return nil }
        var result: Double
        let isWhole = Int(samples) == parts.count && parts.count == 1
        let tableWidth = bounds.map { Double($0.high) - Double($0.low) + 1 }
        let isSorted = tableWidth.map {
            samples > 1 && widths / samples * Double(parts.count) < $0 * 2
        }
        if isWhole {
            result = distinct
        } else if isSorted == true {
            result = distinct / rows * Double(rowCount)
        } else {
            result = extrapolate(distinct / samples, of: rows / samples, to: Double(rowCount))
        }
        if let tableWidth { result = min(result, tableWidth) }
        return max(1, Int(min(result, Double(rowCount))))
    }

    /// Expects how many distinct values `total` rows have where `rows` of them have `distinct`.
    private static func extrapolate(_ distinct: Double, of rows: Double, to total: Double) -> Double
    {
        if distinct >= rows * 0.99 { return total }
        func seen(_ domain: Double, _ draws: Double) -> Double {
            domain * -expm1(-draws / domain)
        }
        var low = distinct
        var high = max(distinct, rows) * 1_000
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if seen(middle, rows) < distinct { low = middle } else { high = middle }
        }
        return seen(high, total)
    }
}
