// The share of rows that a condition keeps, guessed from bounds and distinct counts. The guesses
// for what nothing is known of are the customary ones (Selinger et al., SIGMOD 1979).

import StarlingPlans
import StarlingTables
import StarlingTypes

struct Selectivity {
    let input: RelationEstimate
    /// Gives the share that indexes expect.
    var expected: (BoundExpression) -> Double? = { _ in nil }

    private static let unknownRange = 1.0 / 3
    private static let unknownPattern = 0.05
    private static let unknown = 0.25

    func of(_ conjuncts: [BoundExpression]) -> Double {
        // The bounds of a range belong together: a < x AND x < b.
        let ranges = pairedRanges(conjuncts)
        var result = ranges.fraction
        // Conditions are seldom independent: each further one counts less.
        let others = ranges.others.map { of($0) }.sorted()
        var weight = 1.0
        for fraction in others {
            result *= weight == 1 ? fraction : power(fraction, weight)
            weight = max(0.5, weight * 0.85)
        }
        return min(1, max(result, 1e-9))
    }

    /// An approximation of fraction^weight for weights between one half and 1.
    private func power(_ fraction: Double, _ weight: Double) -> Double {
        let root = fraction.squareRoot()
        return root + (fraction - root) * (weight - 0.5) * 2
    }

    func of(_ condition: BoundExpression) -> Double {
        if let share = expectedShare(of: condition) { return share }
        switch condition {
        case .literal(let value, _): return value == .boolean(true) ? 1 : 0
        case .naming(let naming): return of(naming.body)
        case .column, .call, .cast, .conditional, .lambda, .subquery: return Self.unknown
        case .and(let parts): return of(parts)
        case .or(let parts):
            return 1 - parts.reduce(1.0) { $0 * (1 - of($1)) }
        case .not(let operand):
            if case .like = operand { return 1 - of(operand) }
            return max(0.01, 1 - of(operand))
        case .isNull(let operand):
            guard case .column(let column) = operand else { return 0.05 }
            return input.column(column.id).nullFraction
        case .inList(let operand, let values):
            if let shares = shares(of: operand, values) { return min(1, shares) }
            return min(1, Double(values.count) / input.distinctCount(of: operand))
        case .like: return Self.unknownPattern
        case .comparison(let comparison, let left, let right):
            return ofComparison(comparison, left, right)
        }
    }

    /// Asks indexes, which count, before histograms, which are of samples.
    private func expectedShare(of condition: BoundExpression) -> Double? {
        switch condition {
        case .call, .like, .lambda, .comparison, .inList, .not: expected(condition)
        default: nil
        }
    }

    private func ofComparison(
        _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
    ) -> Double {
        switch comparison {
        case .equal, .nullSafeEqual:
            if let share = share(of: left, right) ?? share(of: right, left) { return share }
            if isOutside(left, right) || isOutside(right, left) { return 1e-6 }
            return 1 / max(input.distinctCount(of: left), input.distinctCount(of: right))
        case .notEqual:
            if let share = share(of: left, right) ?? share(of: right, left) {
                return max(1e-6, 1 - share)
            }
            return 1 - 1 / max(input.distinctCount(of: left), input.distinctCount(of: right))
        default:
            if let fraction = rangeFraction(comparison, left, right) { return fraction }
            return rangeFraction(comparison.mirrored, right, left) ?? Self.unknownRange
        }
    }

    /// The share of rows in which a column has a constant's value, as a histogram knows it.
    private func share(of column: BoundExpression, _ constant: BoundExpression) -> Double? {
        guard let value = constant.constantValue, !value.isNull else { return nil }
        return shares(of: column, [value])
    }

    private func shares(of column: BoundExpression, _ values: [Value]) -> Double? {
        guard case .column(let column) = column,
            let histogram = input.column(column.id).histogram
        else { return nil }
        let sum = values.reduce(0.0) { $0 + ($1.isNull ? 0 : histogram.share(equalTo: $1)) }
        return max(1e-6, sum * (1 - input.column(column.id).nullFraction))
    }

    private func isOutside(_ column: BoundExpression, _ literal: BoundExpression) -> Bool {
        guard case .column(let column) = column, let value = number(literal) else { return false }
        let estimate = input.column(column.id)
        if let low = estimate.low, value < low { return true }
        if let high = estimate.high, value > high { return true }
        return false
    }

    private func number(_ expression: BoundExpression) -> Double? {
        switch expression.constantValue {
        case .integer(let number): Double(number)
        case .floating(let number): number
        default: nil
        }
    }

    /// The share of values on the wanted side of a constant, taking them as evenly spread.
    private func rangeFraction(
        _ comparison: ComparisonOperator, _ column: BoundExpression, _ literal: BoundExpression
    ) -> Double? {
        guard case .column(let column) = column else { return nil }
        let estimate = input.column(column.id)
        if let histogram = estimate.histogram, let value = literal.constantValue,
            let below = histogram.share(
                below: value, isIncluded: comparison == .lessOrEqual || comparison == .greater)
        {
            let isBelow = comparison == .less || comparison == .lessOrEqual
            return max(isBelow ? below : 1 - below, 1e-6)
        }
        guard let value = number(literal) else { return nil }
        guard let low = estimate.low, let high = estimate.high, high > low else { return nil }
        let below = min(1, max(0, (value - low) / (high - low)))
        switch comparison {
        case .less, .lessOrEqual: return max(below, 1e-4)
        default: return max(1 - below, 1e-4)
        }
    }

    /// Takes lower and upper bounds of the same column together.
    private func pairedRanges(
        _ conjuncts: [BoundExpression]
    ) -> (fraction: Double, others: [BoundExpression]) {
        var lower: [ColumnID: Double] = [:]
        var upper: [ColumnID: Double] = [:]
        var bounds: [ColumnID: [BoundExpression]] = [:]
        var others: [BoundExpression] = []
        for conjunct in conjuncts {
            guard case .comparison(let comparison, .column(let column), let literal) = conjunct,
                let fraction = rangeFraction(comparison, .column(column), literal)
            else {
                others.append(conjunct)
                continue
            }
            switch comparison {
            case .less, .lessOrEqual:
                upper[column.id] = min(upper[column.id] ?? 1, fraction)
            case .greater, .greaterOrEqual:
                lower[column.id] = min(lower[column.id] ?? 1, fraction)
            default:
                others.append(conjunct)
                continue
            }
            bounds[column.id, default: []].append(conjunct)
        }
        var fraction = 1.0
        for (id, conditions) in bounds {
            if let share = expected(.and(conditions)) {
                fraction *= share
                continue
            }
            let both = (lower[id] ?? 1) + (upper[id] ?? 1) - 1
            fraction *= max(both, 1e-4)
        }
        return (fraction, others)
    }
}
