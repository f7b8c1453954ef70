// Which columns of each node are read above it: joins give just those.

import StarlingPlans

/// Collects the needs of all nodes of a numbered plan.
struct ColumnNeeds {
    private var needs: [Int: Set<ColumnID>] = [:]

    init(_ plan: LogicalPlan) { collect(plan, plan.outputColumnIDs) }

    subscript(_ plan: LogicalPlan) -> Set<ColumnID> { needs[plan.number] ?? plan.outputColumnIDs }

    private mutating func collect(_ plan: LogicalPlan, _ needed: Set<ColumnID>) {
        needs[plan.number] = needed
        var own = Set<ColumnID>()
        for expression in plan.expressions { expression.collectColumns(into: &own) }
        switch plan.node {
        case .project(let node): collect(node.input, own)
        case .aggregate(let node): collect(node.input, own)
        case .setOperation(let node):
            for (input, columns) in zip(node.inputs, node.inputColumns) {
                collect(input, Set(columns.map(\.id)))
            }
        case .shared(let node):
            collect(node.definition, node.definition.outputColumnIDs)
            collect(node.body, needed)
        case .recursion(let node):
            collect(node.anchor, Set(node.anchorColumns.map(\.id)))
            collect(node.step, Set(node.stepColumns.map(\.id)))
        default:
            for child in plan.children { collect(child, needed.union(own)) }
        }
    }
}
