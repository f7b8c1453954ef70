// Two projections in a row become one, where no expression would be computed twice for it; a
// projection that only renames disappears into the one above.

import StarlingErrors
import StarlingPlans

struct ProjectMerging: Rule {
    static let name = "project_merging"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in merged(node) }
    }

    private static func merged(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan.node {
        case .project(var outer):
            guard case .project(let inner) = outer.input.node,
                let definitions = substitutable(inner, readers: outer.items.map(\.expression))
            else { return plan }
            for index in outer.items.indices {
                outer.items[index].expression = outer.items[index].expression
                    .substituting(definitions)
            }
            outer.input = inner.input
            return merged(LogicalPlan(.project(outer)))
        case .aggregate(let aggregate):
            guard case .project(let inner) = aggregate.input.node,
                let definitions = substitutable(inner, readers: plan.expressions)
            else { return plan }
            var result = plan.replacingExpressions { $0.substituting(definitions) }
            result = result.replacingChildren { _ in inner.input }
            return merged(result)
        default: return plan
        }
    }

    /// The definitions of a projection, if each that costs something is read at most once.
    private static func substitutable(
        _ project: ProjectNode, readers: [BoundExpression]
    ) -> [ColumnID: BoundExpression]? {
        var reads: [ColumnID: Int] = [:]
        for reader in readers {
            reader.forEach {
                if case .column(let column) = $0 { reads[column.id, default: 0] += 1 }
            }
        }
        var definitions: [ColumnID: BoundExpression] = [:]
        for item in project.items {
            switch item.expression {
            case .column, .literal: break
            default:
                guard reads[item.column.id, default: 0] <= 1, item.expression.isDeterministic
                else { return nil }
            }
            definitions[item.column.id] = item.expression
        }
        return definitions
    }
}
