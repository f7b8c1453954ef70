// Takes away what nobody reads: columns of scans, items of projections, aggregates, window
// functions. Runs last, when no rule needs a column any more that the query does not.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct ColumnPruning: Rule {
    static let name = "column_pruning"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        ColumnPruning(sharedNeeds: SharedNeeds(of: plan)).prune(
            plan, needed: plan.outputColumnIDs)
    }

    private let sharedNeeds: SharedNeeds

    private func columns(of expressions: [BoundExpression]) -> Set<ColumnID> {
        var columns = Set<ColumnID>()
        for expression in expressions { expression.collectColumns(into: &columns) }
        return columns
    }

    private func prune(_ plan: LogicalPlan, needed: Set<ColumnID>) -> LogicalPlan {
        var result = plan
        switch plan.node {
        case .scan(var node):
            let used = needed.union(columns(of: node.conjuncts))
            node.columns.removeAll { !used.contains($0.column.id) }
            result.node = .scan(node)
        case .values: break
        case .filter(var node):
            node.input = prune(node.input, needed: needed.union(columns(of: node.conjuncts)))
            result.node = .filter(node)
        case .project(var node):
            node.items.removeAll { !needed.contains($0.column.id) }
            node.input = prune(node.input, needed: columns(of: node.items.map(\.expression)))
            if passesEverything(node) { return node.input }
            result.node = .project(node)
        case .aggregate(var node):
            node.aggregates.removeAll { !needed.contains($0.column.id) }
            if let column = node.groupingColumn, !needed.contains(column.id),
                node.groupingSets == nil
            {
                node.groupingColumn = nil
            }
            let inputs = columns(of: LogicalPlan(.aggregate(node)).expressions)
            node.input = prune(node.input, needed: inputs)
            result.node = .aggregate(node)
        case .join(var node):
            let used = needed.union(columns(of: node.conditions))
            node.left = prune(node.left, needed: used.intersection(node.left.outputColumnIDs))
            node.right = prune(node.right, needed: used.intersection(node.right.outputColumnIDs))
            result.node = .join(node)
        case .window(var node):
            node.items.removeAll { !needed.contains($0.column.id) }
            guard !node.items.isEmpty else { return prune(node.input, needed: needed) }
            let used = needed.union(columns(of: LogicalPlan(.window(node)).expressions))
            node.input = prune(node.input, needed: used)
            result.node = .window(node)
        case .unnest(var node):
            let used = needed.union(columns(of: node.lists))
            node.input = prune(
                node.input, needed: used.intersection(node.input.outputColumnIDs))
            result.node = .unnest(node)
        case .sort(var node):
            let used = needed.union(columns(of: node.keys.map(\.expression)))
            node.input = prune(node.input, needed: used)
            result.node = .sort(node)
        case .limit(var node):
            node.input = prune(node.input, needed: needed)
            result.node = .limit(node)
        case .setOperation(let node): result.node = .setOperation(prune(node, needed: needed))
        case .shared(var node):
            node.definition = prune(node.definition, needed: sharedNeeds[node.id])
            node.body = prune(node.body, needed: needed)
            result.node = .shared(node)
        case .sharedScan(var node):
            let kept = node.columns.indices.filter { needed.contains(node.columns[$0].id) }
            node.columns = kept.map { node.columns[$0] }
            node.sourceColumns = kept.map { node.sourceColumns[$0] }
            result.node = .sharedScan(node)
        case .recursion(var node):
            // The step reads all columns of the working table: everything stays.
            node.anchor = prune(node.anchor, needed: Set(node.anchorColumns.map(\.id)))
            node.step = prune(node.step, needed: Set(node.stepColumns.map(\.id)))
            result.node = .recursion(node)
        }
        return result
    }

    /// True for a projection that gives just what its input gives.
    private func passesEverything(_ node: ProjectNode) -> Bool {
        let inputs = node.input.outputColumns
        return inputs.count == node.items.count
            && zip(node.items, inputs).allSatisfy { item, input in
                item.column == input && item.expression == .column(input)
            }
    }

    private func prune(_ node: SetOperationNode, needed: Set<ColumnID>) -> SetOperationNode {
        var node = node
        // All columns take part in comparing rows, except under UNION ALL.
        if node.kind == .union, node.keepsDuplicates {
            let kept = node.columns.indices.filter { needed.contains(node.columns[$0].id) }
            node.columns = kept.map { node.columns[$0] }
            node.inputColumns = node.inputColumns.map { columns in kept.map { columns[$0] } }
        }
        for index in node.inputs.indices {
            node.inputs[index] = prune(
                node.inputs[index], needed: Set(node.inputColumns[index].map(\.id)))
        }
        return node
    }
}
