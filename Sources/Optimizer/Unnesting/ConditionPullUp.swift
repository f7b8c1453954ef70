// The cheap way of unnesting: correlated conditions rise out of the right side of a dependent join
// until they are conditions of the join itself. Example:
//
//   l ⟕ (SELECT 0.2 * avg(q) FROM t WHERE t.k = l.k)
//     → l ⟕ (SELECT t.k, avg(q) FROM t GROUP BY t.k) ON t.k = l.k, with 0.2 * avg above.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct ConditionPullUp {
    let context: PlanningContext
    /// The columns of the left side.
    let outer: Set<ColumnID>

    /// Holds a right side without correlation, and what has to happen above it.
    private struct Pulled {
        var plan: LogicalPlan
        /// Conditions of the join.
        var conditions: [BoundExpression] = []
        /// Columns of the original right side as expressions over the new one, to be computed
        /// above the join; others pass through.
        var computed: [ColumnID: BoundExpression] = [:]
        /// True where the right side has been an aggregation without keys: it gives a row even
        /// when nothing matches.
        var alwaysGivesRow = false

        /// Tells whether expressions may stand for columns in others. What chance gives may not: each
        /// place would ask again.
        func canReplaceColumns(in expressions: [BoundExpression]) -> Bool {
            let uncertain = uncertainColumns
            return uncertain.isEmpty
                || expressions.allSatisfy { $0.referencedColumns.isDisjoint(with: uncertain) }
        }

        /// Columns that another computation would give other values.
        var uncertainColumns: Set<ColumnID> {
            Set(computed.filter { !$0.value.isDeterministic }.keys)
        }
    }

    /// Returns the join made independent, or nil where this way does not lead there.
    func apply(to join: JoinNode) -> LogicalPlan? {
        guard join.kind != .full, join.kind != .nullAwareAnti else { return nil }
        guard let pulled = pull(join.right), pulled.canReplaceColumns(in: join.conditions) else {
            return nil
        }
        let rightColumns = join.right.outputColumns
        var join = join
        if pulled.alwaysGivesRow {
            // Semi, anti and mark joins with a row that is always there: leave it to the domain.
            guard join.isSingle || join.kind == .inner || join.kind == .left else {
                return nil
            }
            guard join.conditions.isEmpty else { return nil }
            join.kind = .left
        } else if !pulled.computed.isEmpty, join.kind == .left || join.isSingle {
            // Computed columns must be NULL in padded rows; they were computed below the padding.
            let padded = pulled.plan.outputColumnIDs
            guard pulled.computed.values.allSatisfy({ staysNull($0, padded) }) else { return nil }
        }
        join.conditions = join.conditions.map { $0.substituting(pulled.computed) }
        join.conditions += pulled.conditions
        join.right = pulled.plan
        join.isDependent = isCorrelated(join.right, to: outer)
        guard !join.isDependent else { return nil }
        let result = LogicalPlan(.join(join))
        guard !join.givesOnlyLeft, !pulled.computed.isEmpty else { return result }
        let items = (join.left.outputColumns + rightColumns).map { column in
            ProjectItem(
                column: column, expression: pulled.computed[column.id] ?? .column(column))
        }
        return LogicalPlan(.project(ProjectNode(input: result, items: items)))
    }

    /// NULL in, NULL out is what lets a column be computed above the padding. Columns of the left
    /// side, and of queries further out, are not padded.
    private func staysNull(_ expression: BoundExpression, _ padded: Set<ColumnID>) -> Bool {
        expression.isNull(whenNull: expression.referencedColumns.intersection(padded))
    }

    private func pull(_ plan: LogicalPlan) -> Pulled? {
        guard isCorrelated(plan, to: outer) else { return Pulled(plan: plan) }
        switch plan.node {
        case .filter(let filter): return pullFilter(filter)
        case .project(let project): return pullProject(project)
        case .aggregate(let aggregate): return pullAggregate(aggregate)
        case .join(let join): return pullJoin(join)
        case .sort(let sort) where sort.limit == nil && sort.offset == 0: return pull(sort.input)
        case .shared(var shared):
            guard !isCorrelated(shared.definition, to: outer), var pulled = pull(shared.body)
            else { return nil }
            shared.body = pulled.plan
            pulled.plan = LogicalPlan(.shared(shared))
            return pulled
        default: return nil
        }
    }

    private func pullFilter(_ filter: FilterNode) -> Pulled? {
        guard var pulled = pull(filter.input), !pulled.alwaysGivesRow,
            pulled.canReplaceColumns(in: filter.conjuncts)
        else { return nil }
        let conjuncts = filter.conjuncts.flatMap(\.conjuncts).map {
            $0.substituting(pulled.computed)
        }
        let (correlated, plain) = conjuncts.partitioned { isOuter($0) }
        if !plain.isEmpty {
            pulled.plan = LogicalPlan(.filter(FilterNode(input: pulled.plan, conjuncts: plain)))
        }
        pulled.conditions += correlated
        return pulled
    }

    private func pullProject(_ project: ProjectNode) -> Pulled? {
        guard var pulled = pull(project.input) else { return nil }
        // A column may pass, under another name too, once.
        var passed: Set<ColumnID> = []
        let others = project.items.map(\.expression).filter {
            if case .column(let column) = $0 { !passed.insert(column.id).inserted } else { true }
        }
        guard pulled.canReplaceColumns(in: others) else { return nil }
        // The projection moves above the join; below, all columns pass.
        for item in project.items {
            let expression = item.expression.substituting(pulled.computed)
            if case .column(let column) = expression, column == item.column { continue }
            pulled.computed[item.column.id] = expression
        }
        return pulled
    }

    /// Groups by the inner sides of the correlated equalities, so that they can be compared above.
    private func pullAggregate(_ aggregate: AggregateNode) -> Pulled? {
        guard aggregate.groupingSets == nil, let inner = pull(aggregate.input),
            !inner.alwaysGivesRow,
            inner.canReplaceColumns(in: LogicalPlan(.aggregate(aggregate)).expressions)
        else { return nil }
        var node = aggregate
        node.input = inner.plan
        node = substitute(inner.computed, in: node)
        let isPlain = LogicalPlan(.aggregate(node)).expressions.allSatisfy { !isOuter($0) }
        guard isPlain else { return nil }

        var pulled = Pulled(plan: inner.plan, alwaysGivesRow: aggregate.keys.isEmpty)
        for condition in inner.conditions {
            guard case .comparison(.equal, let left, let right) = condition else { return nil }
            let (innerSide, outerSide) = isOuter(left) ? (right, left) : (left, right)
            guard !isOuter(innerSide), isOnlyOuter(outerSide, innerColumns: inner.plan) else {
                return nil
            }
            let key = groupKey(innerSide, &node)
            pulled.conditions.append(.comparison(.equal, .column(key), outerSide))
        }
        pulled.plan = LogicalPlan(.aggregate(node))
        if aggregate.keys.isEmpty { addEmptyResults(of: node, to: &pulled) }
        return pulled
    }

    private func groupKey(_ expression: BoundExpression, _ node: inout AggregateNode) -> PlanColumn
    {
        if let key = node.keys.first(where: { $0.expression == expression }) { return key.column }
        let column = context.allocator.makeColumn(
            "key", expression.type, isNullable: expression.mayBeNull)
        node.keys.append(ProjectItem(column: column, expression: expression))
        return column
    }

    private func substitute(
        _ computed: [ColumnID: BoundExpression], in node: AggregateNode
    ) -> AggregateNode {
        let plan = LogicalPlan(.aggregate(node)).replacingExpressions { $0.substituting(computed) }
        guard case .aggregate(let result) = plan.node else { return node }
        return result
    }

    /// Aggregates over no rows are NULL, as padding makes them, but counts are 0.
    private func addEmptyResults(of node: AggregateNode, to pulled: inout Pulled) {
        for item in node.aggregates {
            guard let empty = item.function.resultOverNoRows else { continue }
            pulled.computed[item.column.id] = .conditional(
                [
                    ConditionalBranch(
                        condition: .isNull(.column(item.column)),
                        result: .literal(empty, item.column.type))
                ], otherwise: .column(item.column), item.column.type)
        }
    }

    private func pullJoin(_ join: JoinNode) -> Pulled? {
        guard !join.isDependent else { return nil }
        let leftIsCorrelated = isCorrelated(join.left, to: outer)
        let rightIsCorrelated = isCorrelated(join.right, to: outer)
        switch join.kind {
        case .inner:
            guard let left = pull(join.left), let right = pull(join.right),
                !left.alwaysGivesRow, !right.alwaysGivesRow,
                left.uncertainColumns.isEmpty, right.uncertainColumns.isEmpty
            else { return nil }
            let computed = left.computed.merging(right.computed) { first, _ in first }
            let conditions = join.conditions.map { $0.substituting(computed) }
            let (correlated, plain) = conditions.partitioned { isOuter($0) }
            var node = join
            node.left = left.plan
            node.right = right.plan
            node.conditions = plain
            return Pulled(
                plan: LogicalPlan(.join(node)),
                conditions: left.conditions + right.conditions + correlated, computed: computed)
        case .left, .semi, .anti, .mark, .single:
            guard leftIsCorrelated, !rightIsCorrelated,
                !join.conditions.contains(where: isOuter), var left = pull(join.left),
                !left.alwaysGivesRow, left.uncertainColumns.isEmpty
            else { return nil }
            var node = join
            node.left = left.plan
            node.conditions = join.conditions.map { $0.substituting(left.computed) }
            left.plan = LogicalPlan(.join(node))
            return left
        case .full, .nullAwareAnti: return nil
        }
    }

    private func isOuter(_ expression: BoundExpression) -> Bool {
        !expression.referencedColumns.isDisjoint(with: outer)
    }

    private func isOnlyOuter(_ expression: BoundExpression, innerColumns: LogicalPlan) -> Bool {
        expression.referencedColumns.isDisjoint(with: innerColumns.outputColumnIDs)
    }
}
