// A projection that gives a column under another identity keeps scans and joins apart: conditions,
// filters of joins and equal expressions are not recognized across it. Here every such column gets
// back the identity that it has below, in the whole plan. The outermost projection stays: it names
// the result.

import StarlingErrors
import StarlingPlans

struct RenameElimination: Rule {
    static let name = "rename_elimination"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        guard case .project(var root) = plan.node else { return plan }
        var sources: [ColumnID: PlanColumn] = [:]
        root.input.forEach { part in
            guard case .project(let project) = part.node else { return }
            for item in project.items {
                if case .column(let source) = item.expression, source != item.column {
                    sources[item.column.id] = source
                }
            }
        }
        guard !sources.isEmpty else { return plan }
        let resolved = sources.mapValues { column in
            var column = column
            var isNullable = column.isNullable
            while let next = sources[column.id] {
                column = next
                isNullable = isNullable || next.isNullable
            }
            column.isNullable = isNullable
            return column
        }
        root.input = withoutDuplicates(root.input.renaming(resolved))
        root.items = root.items.map {
            ProjectItem(column: $0.column, expression: $0.expression.renaming(resolved))
        }
        return LogicalPlan(.project(root))
    }

    /// Two names of one column have become the same item.
    private static func withoutDuplicates(_ plan: LogicalPlan) -> LogicalPlan {
        let plan = plan.replacingChildren(withoutDuplicates)
        switch plan.node {
        case .project(var project):
            project.items = unique(project.items)
            return LogicalPlan(.project(project))
        case .aggregate(var aggregate) where aggregate.groupingSets == nil:
            aggregate.keys = unique(aggregate.keys)
            return LogicalPlan(.aggregate(aggregate))
        default: return plan
        }
    }

    private static func unique(_ items: [ProjectItem]) -> [ProjectItem] {
        var seen = Set<ColumnID>()
        return items.filter { seen.insert($0.column.id).inserted }
    }
}
