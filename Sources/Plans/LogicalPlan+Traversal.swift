// The one place that knows children, expressions and columns of every kind of node.

import StarlingErrors

extension LogicalPlan {
    package var children: [LogicalPlan] {
        switch node {
        case .scan, .values, .sharedScan: []
        case .filter(let node): [node.input]
        case .project(let node): [node.input]
        case .aggregate(let node): [node.input]
        case .join(let node): [node.left, node.right]
        case .window(let node): [node.input]
        case .unnest(let node): [node.input]
        case .sort(let node): [node.input]
        case .limit(let node): [node.input]
        case .setOperation(let node): node.inputs
        case .shared(let node): [node.definition, node.body]
        case .recursion(let node): [node.anchor, node.step]
        }
    }

    /// Rebuilds the node with each child replaced.
    package func mapChildren(
        _ transform: (LogicalPlan) throws(StarlingError) -> LogicalPlan
    ) throws(StarlingError) -> LogicalPlan {
        var result = self
        switch node {
        case .scan, .values, .sharedScan: break
        case .filter(var node):
            node.input = try transform(node.input)
            result.node = .filter(node)
        case .project(var node):
            node.input = try transform(node.input)
            result.node = .project(node)
        case .aggregate(var node):
            node.input = try transform(node.input)
            result.node = .aggregate(node)
        case .join(var node):
            node.left = try transform(node.left)
            node.right = try transform(node.right)
            result.node = .join(node)
        case .window(var node):
            node.input = try transform(node.input)
            result.node = .window(node)
        case .unnest(var node):
            node.input = try transform(node.input)
            result.node = .unnest(node)
        case .sort(var node):
            node.input = try transform(node.input)
            result.node = .sort(node)
        case .limit(var node):
            node.input = try transform(node.input)
            result.node = .limit(node)
        case .setOperation(var node):
            node.inputs = try mapAll(node.inputs, transform)
            result.node = .setOperation(node)
        case .shared(var node):
            node.definition = try transform(node.definition)
            node.body = try transform(node.body)
            result.node = .shared(node)
        case .recursion(var node):
            node.anchor = try transform(node.anchor)
            node.step = try transform(node.step)
            result.node = .recursion(node)
        }
        return result
    }

    /// Rebuilds the tree bottom-up.
    package func rewritten(
        _ transform: (LogicalPlan) throws(StarlingError) -> LogicalPlan
    ) throws(StarlingError) -> LogicalPlan {
        let inner = try mapChildren { (child) throws(StarlingError) in
            try child.rewritten(transform)
        }
        return try transform(inner)
    }

    /// Visits the node and everything below it, parents first.
    package func forEach(_ visit: (LogicalPlan) -> Void) {
        visit(self)
        for child in children { child.forEach(visit) }
    }

    /// The columns that the node gives, in order.
    package var outputColumns: [PlanColumn] {
        switch node {
        case .scan(let node): node.columns.map(\.column)
        case .values(let node): node.columns
        case .filter(let node): node.input.outputColumns
        case .project(let node): node.items.map(\.column)
        case .aggregate(let node):
            node.keys.map(\.column) + (node.groupingColumn.map { [$0] } ?? [])
                + node.aggregates.map(\.column)
        case .join(let node): joinColumns(node)
        case .window(let node): node.input.outputColumns + node.items.map(\.column)
        case .unnest(let node): node.input.outputColumns + node.columns
        case .sort(let node): node.input.outputColumns
        case .limit(let node): node.input.outputColumns
        case .setOperation(let node): node.columns
        case .shared(let node): node.body.outputColumns
        case .sharedScan(let node): node.columns
        case .recursion(let node): node.columns
        }
    }

    private func joinColumns(_ join: JoinNode) -> [PlanColumn] {
        let left = join.left.outputColumns
        switch join.kind {
        case .mark(let mark): return left + [mark]
        case .semi, .anti, .nullAwareAnti: return left
        case .inner: return left + join.right.outputColumns
        case .left, .single: return left + join.right.outputColumns.map(\.padded)
        case .full: return left.map(\.padded) + join.right.outputColumns.map(\.padded)
        }
    }

    package var outputColumnIDs: Set<ColumnID> { Set(outputColumns.map(\.id)) }
}

extension PlanColumn {
    /// The same column where an outer join may fill it with NULL.
    fileprivate var padded: PlanColumn {
        var column = self
        column.isNullable = true
        return column
    }
}
