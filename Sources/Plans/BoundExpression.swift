// Expressions after binding: every name is a column or a function, every
// implicit conversion is written out as a cast. Equal trees are equal expressions, so that rules
// can compare and share them.

import StarlingErrors
import StarlingFunctions
import StarlingTypes

/// Computes a value from the columns of one row.
package indirect enum BoundExpression: Hashable, Sendable {
    case column(PlanColumn)
    case literal(Value, LogicalType)
    /// Arithmetic included.
    case call(ScalarFunction, FunctionSignature, [BoundExpression])
    case cast(BoundExpression, to: LogicalType)
    /// Both sides have the same type, but for precision and length.
    case comparison(ComparisonOperator, BoundExpression, BoundExpression)
    /// Two operands or more.
    case and([BoundExpression])
    case or([BoundExpression])
    case not(BoundExpression)
    case isNull(BoundExpression)
    /// `CASE WHEN … THEN … ELSE … END`; conditions are BOOLEAN, all results have the given type.
    case conditional([ConditionalBranch], otherwise: BoundExpression, LogicalType)
    /// Values of the operand's type, none of them NULL.
    case inList(BoundExpression, [Value])
    case like(BoundExpression, pattern: BoundExpression, escape: UInt8?)
    /// A function of lists that computes something for each element.
    case lambda(LambdaCall)
    /// A value that is computed once, and what reads it.
    case naming(NamedValue)
    /// Only between the binder and the removal of subqueries.
    case subquery(BoundSubquery)

    /// The type of the result.
    package var type: LogicalType {
        switch self {
        case .column(let column): column.type
        case .literal(_, let type): type
        case .call(_, let signature, _): signature.resultType
        case .cast(_, let type): type
        case .comparison, .and, .or, .not, .isNull, .inList, .like: .boolean
        case .conditional(_, _, let type): type
        case .lambda(let call): call.type
        case .naming(let naming): naming.body.type
        case .subquery(let subquery): subquery.type
        }
    }
}

/// Is one `WHEN condition THEN result`.
package struct ConditionalBranch: Hashable, Sendable {
    package var condition: BoundExpression
    package var result: BoundExpression

    package init(condition: BoundExpression, result: BoundExpression) {
        self.condition = condition
        self.result = result
    }
}

/// Is a subquery inside an expression; its plan may refer to columns of the query around it.
package struct BoundSubquery: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        /// One value; more than one row is an error, none gives NULL.
        case scalar
        case exists
        /// `operand <comparison> ANY (plan)`; IN is `= ANY`. ALL is NOT of the negated ANY.
        case any([BoundExpression], ComparisonOperator)
    }

    package var form: Form
    package var plan: PlanBox
    package var type: LogicalType
    /// Where it stands in the text.
    package var place: TextRange?

    package init(form: Form, plan: LogicalPlan, type: LogicalType, place: TextRange? = nil) {
        self.form = form
        self.plan = PlanBox(plan)
        self.type = type
        self.place = place
    }
}

/// Holds a plan by identity, so that expressions with subqueries can be compared.
package final class PlanBox: Hashable, Sendable {
    package let plan: LogicalPlan

    package init(_ plan: LogicalPlan) { self.plan = plan }

    package static func == (left: PlanBox, right: PlanBox) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension BoundExpression {
    package static let trueLiteral = BoundExpression.literal(.boolean(true), .boolean)
    package static let falseLiteral = BoundExpression.literal(.boolean(false), .boolean)

    package static func null(_ type: LogicalType) -> BoundExpression { .literal(.null, type) }

    /// The value of a literal, else nil.
    package var constantValue: Value? {
        if case .literal(let value, _) = self { value } else { nil }
    }

    /// The column that this is, through conversions of texts and of arrays of them.
    package var plainColumn: ColumnID? {
        switch self {
        case .column(let column): column.id
        case .cast(let inner, let type) where inner.type.isText(like: type):
            inner.plainColumn
        default: nil
        }
    }

    /// The whole number that a literal is; nil for other values, decimals among them.
    package var constantInteger: Int128? {
        guard case .literal(.integer(let number), let type) = self, type.isInteger else {
            return nil
        }
        return number
    }

    /// Joins conjuncts into one condition.
    package static func conjunction(_ conjuncts: [BoundExpression]) -> BoundExpression {
        switch conjuncts.count {
        case 0: .trueLiteral
        case 1: conjuncts[0]
        default: .and(conjuncts)
        }
    }

    /// Takes nested ANDs apart.
    package var conjuncts: [BoundExpression] {
        if case .and(let parts) = self { return parts.flatMap(\.conjuncts) }
        return self == .trueLiteral ? [] : [self]
    }
}
