// Whether the conditions of a query imply one of a view, so that the view has all rows that the query
// wants: the same condition is among them, or one on the same expression whose values lie within. Where
// the query says which few values an expression has, each of them has to satisfy the view's condition.

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
        if let subject = wanted.subject, let values = ListedValues(of: subject, conjuncts),
            values.satisfy(wanted)
        {
            return true
        }
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
            || rejects(wanted, conjunct)
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
        default: return false
        }
    }

    /// Tells whether `x given number` implies `x wanted bound`.
    fileprivate static func implies(
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

/// Are the few values that an expression has in rows that satisfy some conditions.
private struct ListedValues {
    /// Ranges of more whole numbers are not listed.
    private static let countMax: Int128 = 1_000

    private let subject: BoundExpression
    private let values: Set<Value>

    /// Lists the values of an expression; nil where the conditions leave more than a few.
    init?(of subject: BoundExpression, _ conjuncts: [BoundExpression]) {
        guard subject.type.isWrittenAlike, let values = Self.values(of: subject, conjuncts) else {
            return nil
        }
        (self.subject, self.values) = (subject, values)
    }

    private static func values(
        of subject: BoundExpression, _ conjuncts: [BoundExpression]
    ) -> Set<Value>? {
        var result = range(of: subject, conjuncts)
        for conjunct in conjuncts {
            guard let values = values(of: subject, conjunct) else { continue }
            result = result?.intersection(values) ?? values
        }
        return result
    }

    private static func values(
        of subject: BoundExpression, _ condition: BoundExpression
    ) -> Set<Value>? {
        switch condition {
        case .comparison(.equal, subject, .literal(let value, let type))
        where isComparable(type, subject.type) && !value.isNull:
            return [value]
        case .inList(subject, let values): return Set(values)
        case .or(let parts):
            var all: Set<Value> = []
            for part in parts {
                guard let values = values(of: subject, part.conjuncts) else { return nil }
                all.formUnion(values)
            }
            return all
        default: return nil
        }
    }

    /// The whole numbers, or days, between two bounds.
    private static func range(
        of subject: BoundExpression, _ conjuncts: [BoundExpression]
    ) -> Set<Value>? {
        guard subject.type.isInteger || subject.type == .date else { return nil }
        var (low, high): (Int128?, Int128?) = (nil, nil)
        for case .comparison(let comparison, subject, .literal(let value, let type)) in conjuncts {
            guard type == subject.type, let number = value.integer else { continue }
            switch comparison {
            case .greater: low = max(low ?? number + 1, number + 1)
            case .greaterOrEqual: low = max(low ?? number, number)
            case .less: high = min(high ?? number - 1, number - 1)
            case .lessOrEqual: high = min(high ?? number, number)
            default: continue
            }
        }
        guard let low, let high, low <= high, high - low < countMax else { return nil }
        return Set((low...high).map(Value.integer))
    }

    /// Numbers of one type are written alike, and so are all texts.
    private static func isComparable(_ one: LogicalType, _ other: LogicalType) -> Bool {
        one == other || one.isString && other.isString
    }

    /// Tells whether all rows satisfy a condition.
    func satisfy(_ condition: BoundExpression) -> Bool {
        values.allSatisfy { satisfies($0, condition) }
    }

    private func satisfies(_ value: Value, _ condition: BoundExpression) -> Bool {
        switch condition {
        case .or(let parts): return parts.contains { satisfies(value, $0) }
        case .and(let parts): return parts.allSatisfy { satisfies(value, $0) }
        case .inList(subject, let others): return others.contains(value)
        case .not(.inList(subject, let others)): return !others.contains(value)
        case .not(.isNull(subject)): return true
        case .comparison(let comparison, subject, .literal(let other, let type))
        where Self.isComparable(type, subject.type) && !other.isNull:
            if comparison == .equal { return value == other }
            if comparison == .notEqual { return value != other }
            guard let number = value.integer, let bound = other.integer else { return false }
            return ConditionImplication.implies(.equal, number, comparison, bound)
        default: return false
        }
    }
}

extension LogicalType {
    /// True where equal values are the same values.
    fileprivate var isWrittenAlike: Bool {
        switch self {
        case .boolean, .decimal: true
        default: isInteger || isString || isMoment
        }
    }
}

extension BoundExpression {
    /// What a condition compares with constants.
    fileprivate var subject: BoundExpression? {
        switch self {
        case .comparison(_, let operand, .literal), .inList(let operand, _),
            .not(.inList(let operand, _)):
            operand
        case .or(let parts), .and(let parts): parts.first?.subject
        default: nil
        }
    }

    /// The same comparison with its sides exchanged; other expressions as they are.
    var mirrored: BoundExpression {
        guard case .comparison(let comparison, let left, let right) = self else { return self }
        return .comparison(comparison.mirrored, right, left)
    }
}
