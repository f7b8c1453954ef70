// Conditions sink to the left of dependent joins that are correlated with more than their own left
// side. Example, where l is computed for rows of a and of an outer query's t:
//
//   σ(a.k = t.k)(a ⋈dep l(a, t)) → σ(a.k = t.k)(a) ⋈dep l(a, t)
//
// The domain of l then has the pairs of a and t that fit together; else it would have all pairs.

import StarlingPlans
import StarlingTypes

enum ConditionSinking {
    /// Moves conditions below the joins that they don't need.
    static func apply(to filter: FilterNode) -> LogicalPlan {
        guard case .join(var join) = filter.input.node, join.isDependent, join.kind != .full,
            !join.right.freeColumns.isSubset(of: join.left.outputColumnIDs)
        else { return LogicalPlan(.filter(filter)) }
        let given = LogicalPlan(.join(join)).outputColumnIDs.subtracting(
            join.left.outputColumnIDs)
        let (below, above) = filter.conjuncts.flatMap(\.conjuncts).partitioned {
            $0.isDeterministic && $0.referencedColumns.isDisjoint(with: given)
        }
        guard !below.isEmpty else { return LogicalPlan(.filter(filter)) }
        join.left = apply(to: FilterNode(input: join.left, conjuncts: below))
        let result = LogicalPlan(.join(join))
        return above.isEmpty
            ? result : LogicalPlan(.filter(FilterNode(input: result, conjuncts: above)))
    }
}
