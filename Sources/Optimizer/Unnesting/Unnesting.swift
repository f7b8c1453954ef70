// Makes every dependent join independent (Neumann and Kemper, "Unnesting Arbitrary Queries", BTW
// 2015; Neumann, "Improving Unnesting of Complex Queries", BTW 2025). There is no correlated
// subquery that it refuses on principle.
//
// Two ways, the cheap one first:
//
// 1. Pull-up: the correlated conditions of the right side move into the join's own conditions,
//    through projections, and through an aggregation by grouping on the inner side of equalities.
//    Nearly every query that people write ends here.
// 2. Push-down of the domain: the distinct values D of the outer columns are joined into the right
//    side, below everything that refers to them, and the join compares D's columns null-safely.
//
// Dependent joins inside a right side are made independent first; what they refer to further out
// stays free in the result, which is made of plain operators and shared plans, and both ways go
// through those.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct Unnesting: Rule {
    static let name = "unnesting"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try Unnesting(context: context).unnest(plan)
    }

    let context: PlanningContext

    private func unnest(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        var plan = plan
        if case .filter(let filter) = plan.node { plan = ConditionSinking.apply(to: filter) }
        if case .join(let join) = plan.node, join.isDependent {
            plan = try makeIndependent(join)
        }
        return try plan.mapChildren { (child) throws(StarlingError) in try unnest(child) }
    }

    private func makeIndependent(_ join: JoinNode) throws(StarlingError) -> LogicalPlan {
        var join = join
        let outer = join.left.outputColumnIDs
        guard isCorrelated(join.right, to: outer) else {
            join.isDependent = false
            return LogicalPlan(.join(join))
        }
        // The right side's own subqueries first, so that both ways meet plain operators. What they
        // leave as shared plans takes in this join's domain as well.
        join.right = try unnest(join.right)
        if let pulled = ConditionPullUp(context: context, outer: outer).apply(to: join) {
            return pulled
        }
        return try DomainPushDown.apply(to: join, context)
    }
}

/// Tells whether `plan` reads any of the columns from outside of itself.
func isCorrelated(_ plan: LogicalPlan, to outer: Set<ColumnID>) -> Bool {
    !plan.freeColumns.isDisjoint(with: outer)
}
