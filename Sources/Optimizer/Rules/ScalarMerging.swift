// Aggregates over the same rows but for their conditions are computed in one pass:
//
//     SELECT (SELECT count(*) FROM t WHERE q < 20), (SELECT avg(p) FROM t WHERE q < 20),
//            (SELECT avg(p) FROM t WHERE q BETWEEN 20 AND 40)
//       → SELECT … FROM (SELECT count(*) FILTER (WHERE q < 20), avg(p) FILTER (WHERE q < 20),
//                               avg(p) FILTER (WHERE q BETWEEN 20 AND 40)
//                        FROM t WHERE q < 20 OR q BETWEEN 20 AND 40)
//
// An aggregation without keys gives one row, so that joining with it changes no number of rows.
// The lowest of those that merge gives the columns of all.

import StarlingErrors
import StarlingPlans

struct ScalarMerging: Rule {
    static let name = "scalar_merging"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        ScalarMerging().merging(plan)
    }

    /// Goes from the top, so that the largest chain of joins is seen first.
    private func merging(_ plan: LogicalPlan) -> LogicalPlan {
        var chain: [ScalarSource] = []
        collect(plan, into: &chain)
        guard chain.count > 1 else { return plan.replacingChildren(merging) }
        var groups: [MergedScalars] = []
        for source in chain.reversed() {
            var isTaken = false
            for index in groups.indices where !isTaken { isTaken = groups[index].take(source) }
            if !isTaken { groups.append(MergedScalars(source)) }
        }
        var replacements: [ColumnID: LogicalPlan?] = [:]
        for group in groups where group.members.count > 1 {
            for member in group.members { replacements[member.id] = .some(nil) }
            replacements[group.members[0].id] = group.plan
        }
        guard !replacements.isEmpty else { return plan.replacingChildren(merging) }
        let result = replacing(replacements, in: plan) ?? plan
        return result.replacingChildren(merging)
    }

    /// Lists the one-row relations along the left side of joins, from the top.
    private func collect(_ plan: LogicalPlan, into chain: inout [ScalarSource]) {
        switch plan.node {
        case .filter(let filter): collect(filter.input, into: &chain)
        case .join(let join) where isProduct(join):
            if let source = ScalarSource(join.right) { chain.append(source) }
            collect(join.left, into: &chain)
        default: if let source = ScalarSource(plan) { chain.append(source) }
        }
    }

    private func isProduct(_ join: JoinNode) -> Bool {
        join.conditions.isEmpty && !join.isDependent
            && (join.kind == .inner || join.isSingle)
    }

    /// Puts plans in the place of sources; nil for one that goes without replacement.
    private func replacing(
        _ replacements: [ColumnID: LogicalPlan?], in plan: LogicalPlan
    ) -> LogicalPlan? {
        switch plan.node {
        case .filter(var filter):
            guard let input = replacing(replacements, in: filter.input) else { return nil }
            filter.input = input
            return LogicalPlan(.filter(filter))
        case .join(var join) where isProduct(join):
            let left = replacing(replacements, in: join.left)
            var right: LogicalPlan? = join.right
            if let source = ScalarSource(join.right), let replacement = replacements[source.id] {
                right = replacement
            }
            guard let left, let right else { return left ?? right }
            join.left = left
            join.right = right
            return LogicalPlan(.join(join))
        default:
            guard let source = ScalarSource(plan), let replacement = replacements[source.id]
            else { return plan }
            return replacement
        }
    }
}
