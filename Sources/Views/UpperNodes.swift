// What stands above the operator by which a view is kept: projections and filters, as of HAVING. They
// are put over another plan that gives the same columns, and let more columns through.

import StarlingErrors
import StarlingPlans
import StarlingTypes

/// Lists projections and filters, the top one first.
struct UpperNodes {
    private let nodes: [LogicalPlan.Node]
    /// What they stand on.
    let core: LogicalPlan

    init(_ plan: LogicalPlan) {
        var nodes: [LogicalPlan.Node] = []
        var core = plan
        while true {
            switch core.node {
            case .project(let project): (core, nodes) = (project.input, nodes + [core.node])
            case .filter(let filter): (core, nodes) = (filter.input, nodes + [core.node])
            case .sort(let sort) where sort.limit == nil && sort.offset == 0: core = sort.input
            default:
                self.nodes = nodes
                self.core = core
                return
            }
        }
    }

    var hasFilters: Bool {
        nodes.contains { if case .filter = $0 { true } else { false } }
    }

    var expressions: [BoundExpression] {
        nodes.flatMap { LogicalPlan($0).expressions }
    }

    /// Finds the column of the core that a column at the top is; nil where it is computed.
    func origin(of column: PlanColumn) -> PlanColumn? {
        var column = column
        for node in nodes {
            guard case .project(let project) = node else { continue }
            guard let item = project.items.first(where: { $0.column == column }),
                case .column(let source) = item.expression
            else { return nil }
            column = source
        }
        return column
    }

    /// Puts the nodes over a plan.
    func over(_ plan: LogicalPlan, passing columns: [PlanColumn]) -> LogicalPlan {
        nodes.reversed().reduce(plan) { input, node in
            switch node {
            case .project(var project):
                project.input = input
                project.items += Self.passing(columns, project)
                return LogicalPlan(.project(project))
            case .filter(var filter):
                filter.input = input
                return LogicalPlan(.filter(filter))
            default: return input
            }
        }
    }

    /// Puts the nodes over a plan so that all rows stay; the column says which ones the filters
    /// would let through.
    func over(
        _ plan: LogicalPlan, passing columns: [PlanColumn], marking mark: PlanColumn
    ) -> LogicalPlan {
        let start = plan.adding([ProjectItem(column: mark, expression: .trueLiteral)])
        return nodes.reversed().reduce(start) { input, node in
            switch node {
            case .project(var project):
                project.input = input
                project.items += Self.passing(columns + [mark], project)
                return LogicalPlan(.project(project))
            case .filter(let filter):
                let isKept = BoundExpression.conditional(
                    [
                        ConditionalBranch(
                            condition: .conjunction([.column(mark)] + filter.conjuncts),
                            result: .trueLiteral)
                    ], otherwise: .falseLiteral, .boolean)
                let others = input.outputColumns.filter { $0 != mark }
                return LogicalPlan(
                    .project(
                        ProjectNode(
                            input: input,
                            items: others.map(ProjectItem.init(passing:))
                                + [ProjectItem(column: mark, expression: isKept)])))
            default: return input
            }
        }
    }

    private static func passing(
        _ columns: [PlanColumn], _ project: ProjectNode
    ) -> [ProjectItem] {
        columns.filter { column in !project.items.contains { $0.column == column } }
            .map(ProjectItem.init(passing:))
    }
}

extension LogicalPlan {
    /// Returns the plan with columns that are computed of the others.
    func adding(_ items: [ProjectItem]) -> LogicalPlan {
        LogicalPlan(
            .project(
                ProjectNode(
                    input: self,
                    items: outputColumns.map(ProjectItem.init(passing:)) + items)))
    }
}
