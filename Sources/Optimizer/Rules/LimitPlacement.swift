// A limit above a sort makes it a top-N; a limit sinks through projections and into the branches
// of UNION ALL.

import StarlingErrors
import StarlingPlans

struct LimitPlacement: Rule {
    static let name = "limit_placement"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .limit(let limit) = node.node else { return node }
            return place(limit)
        }
    }

    private static func place(_ limit: LimitNode) -> LogicalPlan {
        switch limit.input.node {
        case .project(var project):
            var inner = limit
            inner.input = project.input
            project.input = place(inner)
            return LogicalPlan(.project(project))
        case .sort(var sort) where sort.limit == nil && sort.offset == 0:
            sort.limit = limit.limit
            sort.offset = limit.offset
            return LogicalPlan(.sort(sort))
        case .setOperation(var operation)
        where operation.kind == .union && operation.keepsDuplicates:
            guard let count = limit.limit else { return LogicalPlan(.limit(limit)) }
            let (needed, overflow) = count.addingReportingOverflow(limit.offset)
            if overflow { return LogicalPlan(.limit(limit)) }
            operation.inputs = operation.inputs.map {
                LogicalPlan(.limit(LimitNode(input: $0, limit: needed, offset: 0)))
            }
            var outer = limit
            outer.input = LogicalPlan(.setOperation(operation))
            return LogicalPlan(.limit(outer))
        default: return LogicalPlan(.limit(limit))
        }
    }
}
