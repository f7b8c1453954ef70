// What is known of NULLs without looking at rows.

import StarlingFunctions
import StarlingTypes

extension BoundExpression {
    /// False only where the result cannot be NULL.
    package var mayBeNull: Bool {
        switch self {
        case .column(let column): column.isNullable
        case .literal(let value, _): value.isNull
        // A function of values can give NULL of its own, as a division by zero does.
        case .call(let function, _, let arguments):
            !function.neverGivesNull || arguments.contains(where: \.mayBeNull)
        // Malformed text and values out of range become NULL.
        case .cast(let operand, let type):
            operand.mayBeNull || !Self.castAlwaysSucceeds(from: operand.type, to: type)
        case .comparison(let comparison, let left, let right):
            comparison != .nullSafeEqual && (left.mayBeNull || right.mayBeNull)
        case .and(let parts), .or(let parts): parts.contains(where: \.mayBeNull)
        case .not(let operand), .inList(let operand, _): operand.mayBeNull
        case .isNull: false
        case .conditional(let branches, let otherwise, _):
            otherwise.mayBeNull || branches.contains { $0.result.mayBeNull }
        case .like(let operand, let pattern, _): operand.mayBeNull || pattern.mayBeNull
        case .lambda: true
        case .naming(let naming): naming.body.mayBeNull
        case .subquery(let subquery): subquery.form != .exists
        }
    }

    private static func castAlwaysSucceeds(from source: LogicalType, to target: LogicalType) -> Bool
    {
        if source == target { return true }
        // The null of JSON becomes NULL.
        if source == .json { return false }
        if target.isString { return true }
        if source.isString { return false }
        if source == .date { return target == .datetime }
        if target.isFloating { return source.isNumeric }
        guard let from = source.bounds, let to = target.bounds else { return false }
        return source.isInteger && target.isInteger && to.contains(from)
    }

    /// The condition that holds where this one is true or NULL.
    package var isTrueOrNull: BoundExpression { .or([self, .isNull(self)]) }

    /// True where the expression is NULL or false whenever all of `columns` are NULL: a condition
    /// above an outer join that rejects the padded rows.
    package func rejectsNulls(of columns: Set<ColumnID>) -> Bool {
        switch self {
        case .and(let parts): parts.contains { $0.rejectsNulls(of: columns) }
        case .or(let parts): parts.allSatisfy { $0.rejectsNulls(of: columns) }
        case .comparison(let comparison, let left, let right):
            comparison != .nullSafeEqual
                && (left.isNull(whenNull: columns) || right.isNull(whenNull: columns))
        case .not(let operand):
            if case .isNull(let inner) = operand {
                inner.isNull(whenNull: columns)
            } else {
                operand.isNull(whenNull: columns)
            }
        case .inList(let operand, _), .like(let operand, _, _): operand.isNull(whenNull: columns)
        case .column, .call, .cast: isNull(whenNull: columns)
        case .literal(let value, _): value.isNull || value == .boolean(false)
        case .naming(let naming):
            naming.body.rejectsNulls(of: naming.nullColumns(among: columns))
        case .isNull, .conditional, .lambda, .subquery: false
        }
    }

    /// True where the result is surely NULL when all of `columns` are.
    package func isNull(whenNull columns: Set<ColumnID>) -> Bool {
        switch self {
        case .column(let column): columns.contains(column.id)
        case .literal(let value, _): value.isNull
        case .call(let function, _, let arguments):
            function.nullHandling == .propagates
                && arguments.contains { $0.isNull(whenNull: columns) }
        case .cast(let operand, _), .not(let operand), .inList(let operand, _),
            .like(let operand, _, _):
            operand.isNull(whenNull: columns)
        case .comparison(let comparison, let left, let right):
            comparison != .nullSafeEqual
                && (left.isNull(whenNull: columns) || right.isNull(whenNull: columns))
        case .naming(let naming):
            naming.body.isNull(whenNull: naming.nullColumns(among: columns))
        case .and, .or, .isNull, .conditional, .lambda, .subquery: false
        }
    }
}

extension NamedValue {
    /// The columns that the body reads as NULL where all of `columns` are.
    fileprivate func nullColumns(among columns: Set<ColumnID>) -> Set<ColumnID> {
        value.isNull(whenNull: columns) ? columns.union([column.id]) : columns
    }
}
