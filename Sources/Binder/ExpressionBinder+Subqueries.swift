// Subqueries in expressions.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    func bindScalarQuery(_ query: Query) throws(StarlingError) -> BoundExpression {
        let bound = try binder.bind(query, outer: scope)
        guard bound.columns.count == 1 else {
            throw StarlingError(
                .binding, "a subquery used as a value has one column, not \(bound.columns.count)",
                at: query.range)
        }
        let narrowed = onlyColumns(bound)
        return .subquery(
            BoundSubquery(form: .scalar, plan: narrowed.plan, type: bound.columns[0].type))
    }

    /// Binds `operand <comparison> ANY (query)`.
    func bindAny(
        _ operand: Expression, _ comparison: ComparisonOperator, _ query: Query
    ) throws(StarlingError) -> BoundExpression {
        var operands: [BoundExpression] = []
        if case .row(let parts) = operand.kind {
            for part in parts { operands.append(try bind(part)) }
        } else {
            operands = [try bind(operand)]
        }
        let bound = try binder.bind(query, outer: scope)
        guard bound.columns.count == operands.count else {
            throw StarlingError(
                .binding,
                "the subquery has \(bound.columns.count) columns, \(operands.count) are compared",
                at: query.range)
        }
        var types: [LogicalType] = []
        for (index, column) in bound.columns.enumerated() {
            guard let (left, right) = comparable(operands[index], .column(column)) else {
                throw StarlingError(
                    .binding,
                    "\(operands[index].type) and \(column.type) cannot be compared; cast one",
                    at: query.range)
            }
            operands[index] = left
            types.append(right.type)
        }
        let cast = binder.castColumns(of: onlyColumns(bound), to: types)
        return .subquery(
            BoundSubquery(
                form: .any(operands, comparison), plan: onlyColumns(cast).plan, type: .boolean))
    }

    func bindQuantified(
        _ op: BinaryOperator, _ operand: Expression, _ quantifier: Quantifier, _ query: Query
    ) throws(StarlingError) -> BoundExpression {
        let comparisons: [BinaryOperator: ComparisonOperator] = [
            .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual,
            .greater: .greater, .greaterOrEqual: .greaterOrEqual,
        ]
        guard let comparison = comparisons[op] else {
            throw StarlingError(
                .binding, "\(op.rawValue) cannot be used with \(quantifier.rawValue)")
        }
        switch quantifier {
        case .any: return try bindAny(operand, comparison, query)
        case .all: return .not(try bindAny(operand, comparison.negated!, query))
        }
    }

    /// Joins find the subquery's columns first among those of its plan.
    private func onlyColumns(_ query: BoundQuery) -> BoundQuery {
        guard query.plan.outputColumns != query.columns else { return query }
        let items = query.columns.map(ProjectItem.init(passing:))
        return BoundQuery(
            plan: LogicalPlan(.project(ProjectNode(input: query.plan, items: items))),
            columns: query.columns)
    }
}
