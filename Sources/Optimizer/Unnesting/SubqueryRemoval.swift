// Subqueries in expressions become joins.
//
// 1. A conjunct of a filter that is EXISTS, IN or a comparison with ANY becomes a semi join, its
//    negation an anti join.
// 2. Everywhere else EXISTS, IN and ANY become a mark join below the node, and the expression reads
//    the mark; a scalar subquery becomes a single join, and the expression reads its column.
//
// The joins are dependent where the subquery refers to columns around it; `Unnesting` makes them
// independent.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct SubqueryRemoval: Rule {
    static let name = "subquery_removal"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        let removal = SubqueryRemoval(context: context)
        return try plan.rewritten { (node) throws(StarlingError) in try removal.rewrite(node) }
    }

    private let context: PlanningContext

    private func rewrite(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        guard plan.expressions.contains(where: \.containsSubquery) else { return plan }
        if case .filter(let filter) = plan.node { return try rewriteFilter(filter) }
        if case .join(let join) = plan.node { return try rewriteJoin(join) }
        guard let child = plan.children.first, plan.children.count == 1 else {
            throw StarlingError(.unsupported, "a subquery in VALUES is not supported; use SELECT")
        }
        var input = JoinedInput(plan: child)
        let mapped = try plan.mapExpressions { (expression) throws(StarlingError) in
            try attach(expression, to: &input)
        }
        return try mapped.mapChildren { (_) throws(StarlingError) in input.plan }
    }

    private func rewriteFilter(_ filter: FilterNode) throws(StarlingError) -> LogicalPlan {
        var input = JoinedInput(plan: filter.input)
        var rest: [BoundExpression] = []
        // Plain conditions first: they cut what the joins see.
        let conjuncts = filter.conjuncts.flatMap(\.conjuncts)
        let plain = conjuncts.filter { !$0.containsSubquery }
        if !plain.isEmpty {
            input.plan = LogicalPlan(.filter(FilterNode(input: input.plan, conjuncts: plain)))
        }
        for conjunct in conjuncts where conjunct.containsSubquery {
            if let joined = try joinForConjunct(conjunct, input.plan) {
                input.plan = joined
            } else {
                rest.append(try attach(conjunct, to: &input))
            }
        }
        return rest.isEmpty
            ? input.plan : LogicalPlan(.filter(FilterNode(input: input.plan, conjuncts: rest)))
    }

    /// Makes the semi or anti join of a conjunct that is a possibly negated EXISTS or ANY.
    private func joinForConjunct(
        _ conjunct: BoundExpression, _ input: LogicalPlan
    ) throws(StarlingError) -> LogicalPlan? {
        var isNegated = false
        var inner = conjunct
        while case .not(let operand) = inner {
            isNegated.toggle()
            inner = operand
        }
        guard case .subquery(let subquery) = inner else { return nil }
        let right = try SubqueryRemoval.apply(to: subquery.plan.plan, context)
        switch subquery.form {
        case .scalar: return nil
        case .exists:
            return join(isNegated ? .anti : .semi, input, right, [])
        case .any(let operands, let comparison):
            guard !operands.contains(where: \.containsSubquery) else { return nil }
            let conditions = anyConditions(operands, comparison, right)
            guard isNegated else { return join(.semi, input, right, conditions) }
            return negatedAny(conditions, input, right)
        }
    }

    /// Keeps the rows for which no comparison with a right row is true or NULL.
    private func negatedAny(
        _ conditions: [BoundExpression], _ input: LogicalPlan, _ right: LogicalPlan
    ) -> LogicalPlan {
        let isDependent = refersOutside(right, of: input)
        if conditions.allSatisfy({ !$0.mayBeNull }) {
            return join(.anti, input, right, conditions)
        }
        if conditions.count == 1, !isDependent, case .comparison(.equal, _, _) = conditions[0] {
            return join(.nullAwareAnti, input, right, conditions)
        }
        let possiblyTrue = conditions.map { condition -> BoundExpression in
            condition.mayBeNull ? .or([condition, .isNull(condition)]) : condition
        }
        return join(.anti, input, right, possiblyTrue)
    }

    private func anyConditions(
        _ operands: [BoundExpression], _ comparison: ComparisonOperator, _ right: LogicalPlan
    ) -> [BoundExpression] {
        zip(operands, right.outputColumns).map { operand, column in
            .comparison(comparison, operand, .column(column))
        }
    }

    /// Joins every subquery of `expression` to `input` and returns the expression on the result.
    private func attach(
        _ expression: BoundExpression, to input: inout JoinedInput
    ) throws(StarlingError) -> BoundExpression {
        // Operands of ANY may hold subqueries themselves: children first.
        let inner = try expression.mapChildren { (child) throws(StarlingError) in
            try attach(child, to: &input)
        }
        guard case .subquery(let subquery) = inner else { return inner }
        if let known = input.results[subquery] { return known }
        let result = try attach(subquery, to: &input.plan)
        input.results[subquery] = result
        return result
    }

    private func attach(
        _ subquery: BoundSubquery, to input: inout LogicalPlan
    ) throws(StarlingError) -> BoundExpression {
        let right = try SubqueryRemoval.apply(to: subquery.plan.plan, context)
        switch subquery.form {
        case .scalar:
            input = join(.single, input, right, [])
            return .column(right.outputColumns[0])
        case .exists:
            return mark([], &input, right)
        case .any(let operands, let comparison):
            let conditions = anyConditions(operands, comparison, right)
            let isTrue = mark(conditions, &input, right)
            guard conditions.contains(where: \.mayBeNull) else { return isTrue }
            return threeValued(isTrue, operands, comparison, &input, right)
        }
    }

    /// Adds the second mark that tells NULL from false: some row compares as NULL or true.
    private func threeValued(
        _ isTrue: BoundExpression, _ operands: [BoundExpression],
        _ comparison: ComparisonOperator, _ input: inout LogicalPlan, _ right: LogicalPlan
    ) -> BoundExpression {
        let copy = right.withFreshColumns(context.allocator)
        let possiblyTrue = anyConditions(operands, comparison, copy).map {
            condition -> BoundExpression in .or([condition, .isNull(condition)])
        }
        let isPossible = mark(possiblyTrue, &input, copy)
        return .conditional(
            [
                ConditionalBranch(condition: isTrue, result: .trueLiteral),
                ConditionalBranch(condition: isPossible, result: .null(.boolean)),
            ], otherwise: .falseLiteral, .boolean)
    }

    private func mark(
        _ conditions: [BoundExpression], _ input: inout LogicalPlan, _ right: LogicalPlan
    ) -> BoundExpression {
        let column = context.allocator.makeColumn("mark", .boolean, isNullable: false)
        input = join(.mark(column), input, right, conditions)
        return .column(column)
    }

    private func join(
        _ kind: JoinNode.Kind, _ left: LogicalPlan, _ right: LogicalPlan,
        _ conditions: [BoundExpression]
    ) -> LogicalPlan {
        LogicalPlan(
            .join(
                JoinNode(
                    kind: kind, left: left, right: right, conditions: conditions,
                    isDependent: refersOutside(right, of: left))))
    }

    private func refersOutside(_ right: LogicalPlan, of left: LogicalPlan) -> Bool {
        !right.freeColumns.isDisjoint(with: left.outputColumnIDs)
    }

    /// Subqueries in join conditions: above an inner join they are a filter; for the other kinds
    /// they go to the right side where they belong to it alone.
    private func rewriteJoin(_ join: JoinNode) throws(StarlingError) -> LogicalPlan {
        var join = join
        let (nested, plain) = join.conditions.flatMap(\.conjuncts).partitioned {
            $0.containsSubquery
        }
        join.conditions = plain
        if join.kind == .inner {
            let filter = FilterNode(input: LogicalPlan(.join(join)), conjuncts: nested)
            return try rewriteFilter(filter)
        }
        let leftColumns = join.left.outputColumnIDs
        guard join.kind != .full,
            nested.allSatisfy({ $0.referencedColumns.isDisjoint(with: leftColumns) })
        else {
            throw StarlingError(
                .unsupported,
                "a subquery in the condition of an outer join may only refer to the joined side")
        }
        join.right = try rewriteFilter(FilterNode(input: join.right, conjuncts: nested))
        return LogicalPlan(.join(join))
    }
}

/// Is the input of a node with the subqueries that were joined to it. An expression may hold the
/// same subquery several times, as what COALESCE becomes does; it is joined once.
private struct JoinedInput {
    var plan: LogicalPlan
    var results: [BoundSubquery: BoundExpression] = [:]
}

extension Array {
    /// Splits into the elements that satisfy `predicate` and the others, both in order.
    func partitioned(
        by predicate: (Element) -> Bool
    ) -> (matching: [Element], others: [Element]) {
        var matching: [Element] = []
        var others: [Element] = []
        for element in self {
            if predicate(element) { matching.append(element) } else { others.append(element) }
        }
        return (matching, others)
    }
}
