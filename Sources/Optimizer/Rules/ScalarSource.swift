import StarlingPlans

/// Is an aggregation without keys, perhaps with a projection of its results.
struct ScalarSource {
    let aggregate: AggregateNode
    let items: [ProjectItem]

    /// Identifies it: the first column that it brings forth.
    var id: ColumnID { aggregate.aggregates[0].column.id }

    init?(_ plan: LogicalPlan) {
        switch plan.node {
        case .aggregate(let node):
            aggregate = node
            items = node.aggregates.map { ProjectItem(passing: $0.column) }
        case .project(let project):
            guard case .aggregate(let node) = project.input.node else { return nil }
            aggregate = node
            items = project.items
        default: return nil
        }
        guard aggregate.keys.isEmpty, aggregate.groupingSets == nil,
            aggregate.groupingColumn == nil, !aggregate.aggregates.isEmpty,
            aggregate.aggregates.allSatisfy({ !$0.isDistinct && $0.ordering.isEmpty }),
            items.allSatisfy(\.expression.isDeterministic)
        else { return nil }
    }
}
