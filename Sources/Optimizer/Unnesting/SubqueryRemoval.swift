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

    let context: PlanningContext

    /// Is the input of a node with the subqueries that were joined to it. An expression may hold
    /// the same subquery several times, as what COALESCE becomes does; it is joined once.
    struct JoinedInput {
        var plan: LogicalPlan
        var results: [BoundSubquery: BoundExpression] = [:]
    }

    private func rewrite(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        guard plan.expressions.contains(where: \.containsSubquery) else { return plan }
        switch plan.node {
        case .filter(let filter): return try rewriteFilter(filter)
        case .join(let join): return try rewriteJoin(join)
        case .values(let values): return try rewriteValues(values)
        default: break
        }
        guard let child = plan.children.first, plan.children.count == 1 else {
            throw StarlingError(.internal, "a subquery in a node that has not one input")
        }
        var input = JoinedInput(plan: child)
        let mapped = try plan.mapExpressions { (expression) throws(StarlingError) in
            try attach(expression, to: &input)
        }
        return try mapped.mapChildren { (_) throws(StarlingError) in input.plan }
    }

    func rewriteFilter(_ filter: FilterNode) throws(StarlingError) -> LogicalPlan {
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

    /// Each row of VALUES becomes a projection of one row, below which its subqueries find a place.
    private func rewriteValues(_ values: ValuesNode) throws(StarlingError) -> LogicalPlan {
        var inputs: [LogicalPlan] = []
        var inputColumns: [[PlanColumn]] = []
        for row in values.rows {
            let columns =
                values.rows.count == 1
                ? values.columns : values.columns.map(context.allocator.makeCopy)
            let project = ProjectNode(
                input: LogicalPlan(.values(ValuesNode(columns: [], rows: [[]]))),
                items: zip(columns, row).map { ProjectItem(column: $0, expression: $1) })
            inputs.append(try rewrite(LogicalPlan(.project(project))))
            inputColumns.append(columns)
        }
        if inputs.count == 1 { return inputs[0] }
        return LogicalPlan(
            .setOperation(
                SetOperationNode(
                    kind: .union, keepsDuplicates: true, inputs: inputs,
                    inputColumns: inputColumns, columns: values.columns)))
    }

    /// Makes the plan of a subquery, with columns of its own: the same subquery may stand in several
    /// clauses.
    private func plan(of subquery: BoundSubquery) throws(StarlingError) -> LogicalPlan {
        try SubqueryRemoval.apply(to: subquery.plan.plan, context)
            .withFreshColumns(context.allocator)
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
        guard case .subquery(let subquery) = inner, subquery.form != .scalar else { return nil }
        if case .any(let given, let comparison) = subquery.form {
            guard !given.contains(where: \.containsSubquery) else { return nil }
            let right = try plan(of: subquery)
            let (operands, input) = computedOnce(given, over: input)
            let conditions = anyConditions(operands, comparison, right)
            guard isNegated else { return join(.semi, input, right, conditions) }
            return negatedAny(conditions, input, right)
        }
        guard !subquery.plan.plan.alwaysGivesRow else { return nil }
        return join(isNegated ? .anti : .semi, input, try plan(of: subquery), [])
    }

    /// Keeps the rows for which no comparison with a right row is true or NULL.
    private func negatedAny(
        _ conditions: [BoundExpression], _ input: LogicalPlan, _ right: LogicalPlan
    ) -> LogicalPlan {
        if conditions.allSatisfy({ !$0.mayBeNull }) {
            return join(.anti, input, right, conditions)
        }
        if conditions.count == 1, !refersOutside(right, of: input),
            case .comparison(.equal, _, _) = conditions[0]
        {
            return join(.nullAwareAnti, input, right, conditions)
        }
        return join(
            .anti, input, right, conditions.map { $0.mayBeNull ? $0.isTrueOrNull : $0 })
    }

    /// Computes operands that ask chance below the join, which asks for them pair by pair.
    private func computedOnce(
        _ operands: [BoundExpression], over input: LogicalPlan
    ) -> (operands: [BoundExpression], input: LogicalPlan) {
        guard !operands.allSatisfy(\.isDeterministic) else { return (operands, input) }
        var items = input.outputColumns.map(ProjectItem.init(passing:))
        let columns = operands.map { operand in
            let column = context.allocator.makeColumn(
                "operand", operand.type, isNullable: operand.mayBeNull)
            items.append(ProjectItem(column: column, expression: operand))
            return BoundExpression.column(column)
        }
        return (columns, LogicalPlan(.project(ProjectNode(input: input, items: items))))
    }

    /// Compares the operands with a row of the subquery; all of the conditions have to hold.
    private func anyConditions(
        _ operands: [BoundExpression], _ comparison: ComparisonOperator, _ right: LogicalPlan
    ) -> [BoundExpression] {
        let pairs = zip(operands, right.outputColumns.map(BoundExpression.column))
        if comparison == .equal || operands.count == 1 {
            return pairs.map { .comparison(comparison, $0, $1) }
        }
        if comparison == .notEqual { return [.or(pairs.map { .comparison(.notEqual, $0, $1) })] }
        // Rows are in order where the first column that differs is.
        let strict: ComparisonOperator =
            comparison == .less || comparison == .lessOrEqual ? .less : .greater
        var result: BoundExpression?
        for (operand, column) in Array(pairs).reversed() {
            guard let rest = result else {
                result = .comparison(comparison, operand, column)
                continue
            }
            result = .or([
                .comparison(strict, operand, column),
                .and([.comparison(.equal, operand, column), rest]),
            ])
        }
        return result.map { [$0] } ?? []
    }

    /// Joins every subquery of `expression` to `input` and returns the expression on the result.
    func attach(
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
        if subquery.form == .exists, subquery.plan.plan.alwaysGivesRow { return .trueLiteral }
        let right = try plan(of: subquery)
        switch subquery.form {
        case .scalar:
            input = join(.single(subquery.place), input, right, [])
            var column = right.outputColumns[0]
            column.isNullable = true
            return .column(column)
        case .exists:
            return mark([], &input, right)
        case .any(let given, let comparison):
            let operands: [BoundExpression]
            (operands, input) = computedOnce(given, over: input)
            let conditions = anyConditions(operands, comparison, right)
            let isTrue = mark(conditions, &input, right)
            guard conditions.contains(where: \.mayBeNull) else { return isTrue }
            return threeValued(isTrue, operands, comparison, &input, right)
        }
    }

    /// Adds the marks that tell NULL from false: some row compares as NULL.
    private func threeValued(
        _ isTrue: BoundExpression, _ operands: [BoundExpression],
        _ comparison: ComparisonOperator, _ input: inout LogicalPlan, _ right: LogicalPlan
    ) -> BoundExpression {
        var branches = [ConditionalBranch(condition: isTrue, result: .trueLiteral)]
        func addNull(_ condition: BoundExpression) {
            branches.append(ConditionalBranch(condition: condition, result: .null(.boolean)))
        }
        if operands.count == 1 {
            // A comparison is NULL where a side is. Apart, the two questions need no comparison of
            // every row with every other.
            if operands[0].mayBeNull {
                let copy = right.withFreshColumns(context.allocator)
                addNull(.and([.isNull(operands[0]), mark([], &input, copy)]))
            }
            if right.outputColumns[0].isNullable {
                let copy = right.withFreshColumns(context.allocator)
                let isNull = BoundExpression.isNull(.column(copy.outputColumns[0]))
                let nulls = LogicalPlan(.filter(FilterNode(input: copy, conjuncts: [isNull])))
                addNull(mark([], &input, nulls))
            }
        } else {
            let copy = right.withFreshColumns(context.allocator)
            let possiblyTrue = anyConditions(operands, comparison, copy).map(\.isTrueOrNull)
            addNull(mark(possiblyTrue, &input, copy))
        }
        return .conditional(branches, otherwise: .falseLiteral, .boolean)
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

    func refersOutside(_ right: LogicalPlan, of left: LogicalPlan) -> Bool {
        !right.freeColumns.isDisjoint(with: left.outputColumnIDs)
    }
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
