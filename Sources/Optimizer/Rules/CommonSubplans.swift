// What a query groups twice in the same way is grouped once, as if it were a common table
// expression:
//
//     SELECT … FROM (SELECT k, sum(v) FROM t GROUP BY k) AS a, (SELECT k, sum(v) FROM t GROUP BY k) AS b
//       → WITH g AS (SELECT k, sum(v) FROM t GROUP BY k) SELECT … FROM g AS a, g AS b

import StarlingErrors
import StarlingPlans

struct CommonSubplans: Rule {
    static let name = "common_subplans"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var search = CommonSubplans()
        var next = 0
        let plan = plan.numbered(from: &next)
        search.collect(from: plan)
        guard search.groups.contains(where: { $0.members.count > 1 }) else { return plan }
        return search.sharing(plan, context.allocator)
    }

    /// Gathers plans that compute the same.
    private struct Group {
        /// The numbers of the aggregations; an outer one may give the very columns of an inner one.
        var members: [Int?]
        let plan: LogicalPlan
    }

    private var groups: [Group] = []

    /// Goes from the top, so that what is shared is as large as can be.
    private mutating func collect(from plan: LogicalPlan) {
        if case .recursion = plan.node { return }
        if case .aggregate = plan.node, !plan.outputColumns.isEmpty, readsTables(plan) {
            for index in groups.indices {
                var correspondence = PlanCorrespondence()
                if correspondence.covers(groups[index].plan, plan) {
                    groups[index].members.append(plan.number)
                    return
                }
            }
            groups.append(Group(members: [plan.number], plan: plan))
        }
        for child in plan.children { collect(from: child) }
    }

    /// A plan that reads a common table could not stand outside of the query that defines it.
    private func readsTables(_ plan: LogicalPlan) -> Bool {
        var result = true
        plan.forEach { node in
            switch node.node {
            case .scan, .filter, .project, .aggregate, .join: break
            default: result = false
            }
        }
        return result
    }

    private func sharing(_ plan: LogicalPlan, _ allocator: ColumnAllocator) -> LogicalPlan {
        var result = plan
        for group in groups where group.members.count > 1 {
            let definition = group.plan.withFreshColumns(allocator)
            let id = allocator.makeSharedID()
            let sources = definition.outputColumns
            let (body, count) = replacing(group.members, in: result) { member in
                LogicalPlan(
                    .sharedScan(
                        SharedScanNode(
                            id: id, name: "common groups", columns: member.outputColumns,
                            sourceColumns: sources)))
            }
            // A member may have gone into the definition of a larger group.
            guard count == group.members.count else { continue }
            result = LogicalPlan(
                .shared(
                    SharedNode(
                        id: id, name: "common groups", definition: definition, body: body)))
        }
        return result
    }

    private func replacing(
        _ members: [Int?], in plan: LogicalPlan, by make: (LogicalPlan) -> LogicalPlan
    ) -> (plan: LogicalPlan, count: Int) {
        if case .aggregate = plan.node, members.contains(plan.number) {
            return (make(plan), 1)
        }
        var count = 0
        let result = plan.replacingChildren { child in
            let (plan, found) = replacing(members, in: child, by: make)
            count += found
            return plan
        }
        return (result, count)
    }
}
