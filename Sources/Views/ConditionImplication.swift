// Whether the conditions of a query imply one of a view, so that the view has all rows that the query
// wants: the same condition is among them, or one on the same expression whose values lie within.

import StarlingPlans
import StarlingTypes

struct ConditionImplication {
    private let conjuncts: [BoundExpression]
    private let equal: EqualColumns

    /// The conjuncts are those of a query, in terms of its tables.
    init(_ conjuncts: [BoundExpression]) {
        equal = EqualColumns(conjuncts)
        self.conjuncts = conjuncts.map(equal.canonical)
    }

    func implies(_ condition: BoundExpression) -> Bool {
        if let (left, right) = EqualColumns.pair(condition), equal.areEqual(left, right) {
            return true
        }
        let wanted = equal.canonical(condition)
        if wanted == .trueLiteral { return true }
        if conjuncts.contains(where: { implies(wanted, $0) }) { return true }
        switch wanted {
        case .or(let parts): return parts.contains { implies($0) }
        case .not(.inList(let operand, let values)):
            return values.allSatisfy {
                implies(.comparison(.notEqual, operand, .literal($0, operand.type)))
            }
        default: return false
        }
    }

    private func implies(_ wanted: BoundExpression, _ conjunct: BoundExpression) -> Bool {
        conjunct == wanted || conjunct.mirrored == wanted || bounds(wanted, by: conjunct)
            || differs(wanted, conjunct) || rejects(wanted, conjunct)
    }

    /// What is one text, or one of several, is no other one.
    private func differs(_ wanted: BoundExpression, _ conjunct: BoundExpression) -> Bool {
        guard
            case .comparison(.notEqual, let operand, .literal(let other, _)) = wanted,
            operand.type.isString
        else { return false }
        switch conjunct {
        case .comparison(.equal, operand, .literal(let text, _)): return text != other
        case .inList(operand, let values): return !values.contains(other)
        default: return false
        }
    }

    /// A condition that holds for no NULL implies that there is none.
    private func rejects(_ wanted: BoundExpression, _ conjunct: BoundExpression) -> Bool {
        guard case .not(.isNull(.column(let column))) = wanted else { return false }
        return conjunct.rejectsNulls(of: [column.id])
    }

    /// Tells whether the values that a conjunct lets through all satisfy a comparison.
    private func bounds(_ wanted: BoundExpression, by conjunct: BoundExpression) -> Bool {
        guard case .comparison(let comparison, let operand, .literal(let limit, let type)) = wanted,
            let bound = limit.integer, !type.isFloating
        else { return false }
        switch conjunct {
        case .comparison(let given, operand, .literal(let value, let other)):
            guard let number = value.integer, other == type else { return false }
            return Self.implies(given, number, comparison, bound)
        case .inList(operand, let values):
            return values.allSatisfy { value in
                value.integer.map { Self.implies(.equal, $0, comparison, bound) } ?? false
            }
        default: return false
        }
    }

    /// Tells whether `x given number` implies `x wanted bound`.
    private static func implies(
        _ given: ComparisonOperator, _ number: Int128, _ wanted: ComparisonOperator, _ bound: Int128
    ) -> Bool {
        switch (given, wanted) {
        case (.equal, .equal): number == bound
        case (.equal, .notEqual): number != bound
        case (.equal, .less), (.lessOrEqual, .less): number < bound
        case (.equal, .lessOrEqual), (.lessOrEqual, .lessOrEqual), (.less, .lessOrEqual),
            (.less, .less):
            number <= bound
        case (.equal, .greater), (.greaterOrEqual, .greater): number > bound
        case (.equal, .greaterOrEqual), (.greaterOrEqual, .greaterOrEqual),
            (.greater, .greaterOrEqual), (.greater, .greater):
            number >= bound
        case (.less, .notEqual): number <= bound
        case (.lessOrEqual, .notEqual): number < bound
        case (.greater, .notEqual): number >= bound
        case (.greaterOrEqual, .notEqual): number > bound
        default: false
        }
    }
}

extension BoundExpression {
    /// The same comparison with its sides exchanged; other expressions as they are.
    var mirrored: BoundExpression {
        guard case .comparison(let comparison, let left, let right) = self else { return self }
        return .comparison(comparison.mirrored, right, left)
    }
}
