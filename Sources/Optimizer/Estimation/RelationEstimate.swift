// What is believed of the rows of a plan: how many they are, and per column how many distinct
// values there are and between which bounds.

import StarlingPlans
import StarlingTables
import StarlingTypes

/// Estimates the rows that a plan gives.
struct RelationEstimate {
    var rowCount: Double
    var columns: [ColumnID: ColumnEstimate] = [:]

    func column(_ id: ColumnID) -> ColumnEstimate {
        columns[id] ?? ColumnEstimate(distinctCount: max(1, rowCount / 10))
    }

    /// The same rows after a condition that keeps `fraction` of them.
    func scaled(by fraction: Double) -> RelationEstimate {
        var result = self
        result.rowCount = max(rowCount * fraction, 0)
        for (id, column) in columns {
            result.columns[id] = column.scaled(from: rowCount, to: result.rowCount)
        }
        return result
    }

    /// Estimates how many combinations of values some expressions have.
    func distinctCount(of expressions: [BoundExpression]) -> Double {
        var product = 1.0
        for expression in expressions { product *= distinctCount(of: expression) }
        return max(1, min(product, rowCount))
    }

    func distinctCount(of expression: BoundExpression) -> Double {
        switch expression {
        case .column(let column): return self.column(column.id).distinctCount
        case .literal: return 1
        case .comparison, .and, .or, .not, .isNull, .inList, .like: return 2
        case .cast(let operand, _): return distinctCount(of: operand)
        case .call(let function, _, let arguments):
            let inputs = arguments.reduce(1.0) { $0 * distinctCount(of: $1) }
            // Parts of dates have few values, whatever the dates are.
            let few = ["year": 50.0, "month": 12, "day": 31, "quarter": 4, "dayofweek": 7]
            return min(few[function.name] ?? inputs, inputs, max(1, rowCount))
        case .conditional(let branches, let otherwise, _):
            let results = branches.map(\.result) + [otherwise]
            return min(results.reduce(0.0) { $0 + distinctCount(of: $1) }, max(1, rowCount))
        case .naming(let naming): return distinctCount(of: naming.value)
        case .lambda, .subquery: return max(1, rowCount / 10)
        }
    }
}

/// Estimates the values of a column.
struct ColumnEstimate {
    var distinctCount: Double
    var nullFraction = 0.0
    /// Bounds as numbers, for range conditions.
    var low: Double?
    var high: Double?
    private var spread: ValueSpread?

    init(
        distinctCount: Double, nullFraction: Double = 0, low: Double? = nil, high: Double? = nil
    ) {
        self.distinctCount = max(1, distinctCount)
        self.nullFraction = nullFraction
        self.low = low
        self.high = high
    }

    /// Derives what the statistics of a table's column say.
    init(_ statistics: ColumnStatistics, type: LogicalType, rowCount: Int) {
        let rows = Double(max(1, rowCount))
        nullFraction = statistics.nullCount.map { min(1, Double($0) / rows) } ?? 0
        let low = statistics.low.flatMap(Self.number)
        let high = statistics.high.flatMap(Self.number)
        var distinct = statistics.estimatedDistinctCount.map(Double.init)
        if distinct == nil, let bounds = statistics.bounds, let width = bounds.width {
            distinct = min(Double(width), rows)
        }
        // Nothing is known of texts and fractions: many values, but not all different.
        distinctCount = max(1, distinct ?? max(rows / 10, min(rows, 100)))
        self.low = low
        self.high = high
        spread = statistics.spread
    }

    /// How values are spread, where that is known.
    var histogram: ColumnHistogram? { spread?.histogram }

    private static func number(_ value: Value) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .floating(let number): number
        default: nil
        }
    }

    /// A sample of rows loses distinct values only when it gets small (Yao's formula, simplified).
    func scaled(from oldCount: Double, to newCount: Double) -> ColumnEstimate {
        guard newCount < oldCount, oldCount > 0 else { return self }
        var result = self
        let perValue = oldCount / distinctCount
        let missing = pow(1 - newCount / oldCount, perValue)
        result.distinctCount = max(1, distinctCount * (1 - missing))
        return result
    }
}

/// Raises a fraction to a power without a C library: exp and log are not at hand here.
private func pow(_ base: Double, _ exponent: Double) -> Double {
    if base <= 0 { return 0 }
    var result = 1.0
    var factor = base
    var whole = Int(min(exponent, 1_000_000).rounded())
    if whole == 0 { whole = 1 }
    while whole > 0 {
        if whole & 1 != 0 { result *= factor }
        factor *= factor
        whole >>= 1
    }
    return result
}
