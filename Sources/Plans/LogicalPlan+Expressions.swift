// The expressions that a node itself holds, not those of its children.

import StarlingErrors

extension LogicalPlan {
    package var expressions: [BoundExpression] {
        switch node {
        case .scan(let node): return node.conjuncts
        case .values(let node): return node.rows.flatMap { $0 }
        case .filter(let node): return node.conjuncts
        case .project(let node): return node.items.map(\.expression)
        case .aggregate(let node):
            return node.keys.map(\.expression)
                + node.aggregates.flatMap { item in
                    item.arguments + (item.condition.map { [$0] } ?? [])
                        + item.ordering.map(\.expression)
                }
        case .join(let node): return node.conditions
        case .window(let node):
            return node.partitionKeys + node.orderKeys.map(\.expression)
                + node.items.flatMap(\.expressions)
        case .unnest(let node): return node.lists
        case .sort(let node): return node.keys.map(\.expression)
        case .limit, .setOperation, .shared, .sharedScan, .recursion: return []
        }
    }

    /// Rebuilds the node with each of its own expressions replaced.
    package func mapExpressions(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> LogicalPlan {
        var result = self
        switch node {
        case .scan(var node):
            node.conjuncts = try mapAll(node.conjuncts, transform)
            result.node = .scan(node)
        case .values(var node):
            node.rows = try mapAll(node.rows) { (row) throws(StarlingError) in
                try mapAll(row, transform)
            }
            result.node = .values(node)
        case .filter(var node):
            node.conjuncts = try mapAll(node.conjuncts, transform)
            result.node = .filter(node)
        case .project(var node):
            node.items = try mapItems(node.items, transform)
            result.node = .project(node)
        case .aggregate(var node):
            node.keys = try mapItems(node.keys, transform)
            node.aggregates = try mapAll(node.aggregates) { (item) throws(StarlingError) in
                var item = item
                item.arguments = try mapAll(item.arguments, transform)
                if let condition = item.condition { item.condition = try transform(condition) }
                item.ordering = try mapKeys(item.ordering, transform)
                return item
            }
            result.node = .aggregate(node)
        case .join(var node):
            node.conditions = try mapAll(node.conditions, transform)
            result.node = .join(node)
        case .window(var node):
            node.partitionKeys = try mapAll(node.partitionKeys, transform)
            node.orderKeys = try mapKeys(node.orderKeys, transform)
            node.items = try mapAll(node.items) { (item) throws(StarlingError) in
                var item = item
                item.arguments = try mapAll(item.arguments, transform)
                if let condition = item.condition { item.condition = try transform(condition) }
                item.ordering = try mapKeys(item.ordering, transform)
                item.frame = try item.frame.mapExpressions(transform)
                return item
            }
            result.node = .window(node)
        case .unnest(var node):
            node.lists = try mapAll(node.lists, transform)
            result.node = .unnest(node)
        case .sort(var node):
            node.keys = try mapKeys(node.keys, transform)
            result.node = .sort(node)
        case .limit, .setOperation, .shared, .sharedScan, .recursion: break
        }
        return result
    }

    /// The columns from outside that the plan refers to: its correlation.
    package var freeColumns: Set<ColumnID> {
        var free = Set<ColumnID>()
        var given = Set<ColumnID>()
        forEach { plan in
            for expression in plan.expressions { expression.collectColumns(into: &free) }
            given.formUnion(plan.definedColumns.map(\.id))
        }
        return free.subtracting(given)
    }

    /// False where computing it twice may give two results.
    package var isDeterministic: Bool {
        expressions.allSatisfy(\.isDeterministic) && children.allSatisfy(\.isDeterministic)
    }

    /// The columns that come into being in this node.
    package var definedColumns: [PlanColumn] {
        switch node {
        case .scan, .values, .project, .aggregate, .setOperation, .sharedScan, .recursion:
            outputColumns
        case .join(let node):
            if case .mark(let mark) = node.kind { [mark] } else { [] }
        case .window(let node): node.items.map(\.column)
        case .unnest(let node): node.columns
        case .filter, .sort, .limit, .shared: []
        }
    }
}

private func mapItems(
    _ items: [ProjectItem], _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
) throws(StarlingError) -> [ProjectItem] {
    try mapAll(items) { (item) throws(StarlingError) in
        ProjectItem(column: item.column, expression: try transform(item.expression))
    }
}

private func mapKeys(
    _ keys: [SortKey], _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
) throws(StarlingError) -> [SortKey] {
    try mapAll(keys) { (key) throws(StarlingError) in
        var key = key
        key.expression = try transform(key.expression)
        return key
    }
}

extension WindowFrame {
    package var expressions: [BoundExpression] { start.expressions + end.expressions }

    func mapExpressions(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> WindowFrame {
        WindowFrame(
            unit: unit, start: try start.mapExpression(transform),
            end: try end.mapExpression(transform), exclusion: exclusion)
    }
}

extension WindowFrame.Bound {
    var expressions: [BoundExpression] {
        switch self {
        case .preceding(let expression), .following(let expression): [expression]
        case .unboundedPreceding, .currentRow, .unboundedFollowing: []
        }
    }

    func mapExpression(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> WindowFrame.Bound {
        switch self {
        case .preceding(let expression): .preceding(try transform(expression))
        case .following(let expression): .following(try transform(expression))
        case .unboundedPreceding, .currentRow, .unboundedFollowing: self
        }
    }
}
