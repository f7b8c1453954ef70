// Subqueries in expressions.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Binds a subquery in this scope. Aggregates over this query's columns alone are this query's,
    /// wherever they stand.
    private func bindInner(_ query: Query) throws(StarlingError) -> BoundQuery {
        let place = scope.place
        scope.place = SubqueryPlace(
            calls: calls, isInsideAggregate: isInsideAggregate, clause: clause)
        defer { scope.place = place }
        return try binder.bind(query, outer: scope)
    }

    /// Makes a subquery, or finds the one that is written alike in this scope, so that GROUP BY and
    /// the select list can mean the same one.
    private func known(
        _ question: SubqueryQuestion, _ make: () throws(StarlingError) -> BoundSubquery
    ) throws(StarlingError) -> BoundSubquery {
        if let same = scope.subqueries[question] { return same }
        let aggregateCount = calls?.aggregates.count
        let made = try make()
        if calls?.aggregates.count == aggregateCount, BoundExpression.subquery(made).isDeterministic
        {
            scope.subqueries[question] = made
        }
        return made
    }

    func bindExists(_ query: Query) throws(StarlingError) -> BoundExpression {
        .subquery(
            try known(.exists(query)) { () throws(StarlingError) in
                BoundSubquery(form: .exists, plan: try bindInner(query).plan, type: .boolean)
            })
    }

    func bindScalarQuery(_ query: Query) throws(StarlingError) -> BoundExpression {
        .subquery(
            try known(.value(query)) { () throws(StarlingError) in try makeScalar(query) })
    }

    private func makeScalar(_ query: Query) throws(StarlingError) -> BoundSubquery {
        let bound = try bindInner(query)
        guard bound.columns.count == 1 else {
            throw StarlingError(
                .binding, "a subquery used as a value has one column, not \(bound.columns.count)",
                at: query.range)
        }
        return BoundSubquery(
            form: .scalar, plan: onlyColumns(bound).plan, type: bound.columns[0].type,
            place: binder.viewPlace ?? query.range)
    }

    /// Binds `operand <comparison> ANY (query)`.
    func bindAny(
        _ operand: Expression, _ comparison: ComparisonOperator, _ query: Query
    ) throws(StarlingError) -> BoundExpression {
        .subquery(
            try known(.any(operand, comparison, query)) {
                () throws(StarlingError) in try makeAny(operand, comparison, query)
            })
    }

    private func makeAny(
        _ operand: Expression, _ comparison: ComparisonOperator, _ query: Query
    ) throws(StarlingError) -> BoundSubquery {
        var operands: [BoundExpression] = []
        if case .row(let parts) = operand.kind {
            for part in parts { operands.append(try bind(part)) }
        } else {
            operands = [try bind(operand)]
        }
        let bound = try bindInner(query)
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
            let common = LogicalType.comparisonType(operands[index].type, column.type)
            operands[index] = left
            types.append(common.flatMap { $0.holdsJSON ? $0 : nil } ?? right.type)
        }
        let cast = orderable(binder.castColumns(of: onlyColumns(bound), to: types))
        return BoundSubquery(
            form: .any(operands, comparison), plan: onlyColumns(cast).plan, type: .boolean)
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

    /// Replaces columns of JSON by what is compared in their place.
    private func orderable(_ query: BoundQuery) -> BoundQuery {
        guard query.columns.contains(where: { $0.type.holdsJSON }) else { return query }
        let items = query.columns.map { column in
            guard column.type.holdsJSON else { return ProjectItem(passing: column) }
            let key = StarlingBinder.orderable(.column(column))
            return ProjectItem(
                column: binder.allocator.makeColumn(
                    column.name, key.type, isNullable: column.isNullable), expression: key)
        }
        return BoundQuery(
            plan: LogicalPlan(.project(ProjectNode(input: query.plan, items: items))),
            columns: items.map(\.column))
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
