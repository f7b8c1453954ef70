// The value of a subquery that depends on nothing is compared where the compared column comes from,
// before other tables join:
//
//     σ(d.week = s)((sales ⋈ d) ⋈single s)  →  sales ⋈ σ(d.week = s)(d ⋈single s)
//
// It is the descent of a condition to its relation, with the join that the condition needs.

import StarlingErrors
import StarlingPlans

struct ScalarSinking: Rule {
    static let name = "scalar_sinking"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .filter(let filter) = node.node, case .join(let join) = filter.input.node,
                join.isSingle, join.conditions.isEmpty, !join.isDependent
            else { return node }
            return sunk(filter, join) ?? node
        }
    }

    private static func sunk(_ filter: FilterNode, _ join: JoinNode) -> LogicalPlan? {
        let given = join.right.outputColumnIDs
        let (below, above) = filter.conjuncts.flatMap(\.conjuncts).partitioned {
            $0.isDeterministic && !$0.referencedColumns.isDisjoint(with: given)
        }
        var needed: Set<ColumnID> = []
        for conjunct in below { needed.formUnion(conjunct.referencedColumns) }
        needed.subtract(given)
        guard !below.isEmpty, !needed.isEmpty, needed.isSubset(of: join.left.outputColumnIDs)
        else { return nil }
        let comparison = ScalarComparison(scalar: join, conjuncts: below, columns: needed)
        guard let plan = comparison.sunk(into: join.left) else { return nil }
        return above.isEmpty
            ? plan : LogicalPlan(.filter(FilterNode(input: plan, conjuncts: above)))
    }
}

/// Is a single join with the conditions that need it.
private struct ScalarComparison {
    let scalar: JoinNode
    let conjuncts: [BoundExpression]
    /// What the conditions read of the rows that are filtered.
    let columns: Set<ColumnID>

    /// Places it below the joins of a plan; nil where it would stay on top.
    func sunk(into plan: LogicalPlan) -> LogicalPlan? {
        switch plan.node {
        case .filter(var filter):
            guard let input = sunk(into: filter.input) else { return nil }
            filter.input = input
            return LogicalPlan(.filter(filter))
        case .join(var join):
            if columns.isSubset(of: join.left.outputColumnIDs), join.kind != .full {
                join.left = sunk(into: join.left) ?? placed(on: join.left)
            } else if join.kind == .inner, columns.isSubset(of: join.right.outputColumnIDs) {
                join.right = sunk(into: join.right) ?? placed(on: join.right)
            } else {
                return nil
            }
            return LogicalPlan(.join(join))
        default: return nil
        }
    }

    private func placed(on plan: LogicalPlan) -> LogicalPlan {
        var join = scalar
        join.left = plan
        return LogicalPlan(
            .filter(FilterNode(input: LogicalPlan(.join(join)), conjuncts: conjuncts)))
    }
}
