// Finds comparisons with constants among conjuncts and joins those about the same value.

import StarlingPlans
import StarlingTypes

/// Is a conjunct, or several that together say `range.low <= expression <= range.high`.
struct IntegerRange {
    var expression: BoundExpression
    var range: Bounds?

    static func merge(_ conjuncts: [BoundExpression]) -> [IntegerRange] {
        var result: [IntegerRange] = []
        var places: [BoundExpression: Int] = [:]
        for conjunct in conjuncts {
            guard let (operand, range) = limits(in: conjunct) else {
                result.append(IntegerRange(expression: conjunct, range: nil))
                continue
            }
            if let place = places[operand], let before = result[place].range {
                // An empty range stays one conjunct of its own.
                if let both = before.intersection(range) {
                    result[place].range = both
                    continue
                }
            }
            places[operand] = result.count
            result.append(IntegerRange(expression: operand, range: range))
        }
        return result
    }

    /// Reads `x < 5`, `5 > x`, `x = 5` and the like over integer-like values.
    static func limits(in conjunct: BoundExpression) -> (BoundExpression, Bounds)? {
        guard case .comparison(let comparison, let left, let right) = conjunct,
            left.isDeterministic, right.isDeterministic
        else { return nil }
        if let value = right.constantValue?.integer, left.type.bounds != nil {
            return range(comparison, value).map { (left, $0) }
        }
        if let value = left.constantValue?.integer, right.type.bounds != nil {
            return range(comparison.mirrored, value).map { (right, $0) }
        }
        return nil
    }

    private static func range(_ comparison: ComparisonOperator, _ value: Int128) -> Bounds? {
        switch comparison {
        case .equal: Bounds(value)
        case .less: value > .min ? Bounds(low: .min, high: value - 1) : nil
        case .lessOrEqual: Bounds(low: .min, high: value)
        case .greater: value < .max ? Bounds(low: value + 1, high: .max) : nil
        case .greaterOrEqual: Bounds(low: value, high: .max)
        case .notEqual, .nullSafeEqual: nil
        }
    }
}
