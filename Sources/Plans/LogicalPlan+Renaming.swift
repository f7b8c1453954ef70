// Copies of plans: a plan that is used twice in a query needs columns of its own in each place.

import StarlingErrors

extension LogicalPlan {
    /// Returns the same plan with new identities for all columns and shared plans that come into
    /// being in it.
    package func withFreshColumns(_ allocator: ColumnAllocator) -> LogicalPlan {
        var fresh: [ColumnID: PlanColumn] = [:]
        var shared: [SharedPlanID: SharedPlanID] = [:]
        forEach { plan in
            for column in plan.definedColumns where fresh[column.id] == nil {
                fresh[column.id] = allocator.makeCopy(of: column)
            }
            switch plan.node {
            case .shared(let node): shared[node.id] = allocator.makeSharedID()
            case .recursion(let node): shared[node.id] = allocator.makeSharedID()
            default: break
            }
        }
        let renamed = renaming(fresh)
        return shared.isEmpty ? renamed : renamed.renumbering(shared)
    }

    /// Puts other identities in the place of those of shared plans and recursions.
    private func renumbering(_ identities: [SharedPlanID: SharedPlanID]) -> LogicalPlan {
        var result = replacingChildren { $0.renumbering(identities) }
        switch result.node {
        case .shared(var node):
            node.id = identities[node.id] ?? node.id
            result.node = .shared(node)
        case .sharedScan(var node):
            node.id = identities[node.id] ?? node.id
            result.node = .sharedScan(node)
        case .recursion(var node):
            node.id = identities[node.id] ?? node.id
            result.node = .recursion(node)
        default: break
        }
        return result
    }

    /// Puts other columns in the place of columns, where they come into being and where they are
    /// read.
    package func renaming(_ columns: [ColumnID: PlanColumn]) -> LogicalPlan {
        func renamed(_ column: PlanColumn) -> PlanColumn { column.renamed(by: columns) }
        func mapped(_ list: [PlanColumn]) -> [PlanColumn] { list.map(renamed) }

        var result = replacingChildren { $0.renaming(columns) }
        result = result.replacingExpressions { $0.renaming(columns) }
        switch result.node {
        case .scan(var node):
            node.columns = node.columns.map {
                ScanColumn(
                    column: renamed($0.column), position: $0.position, path: $0.path)
            }
            result.node = .scan(node)
        case .values(var node):
            node.columns = mapped(node.columns)
            result.node = .values(node)
        case .project(var node):
            for i in node.items.indices { node.items[i].column = renamed(node.items[i].column) }
            result.node = .project(node)
        case .aggregate(var node):
            for i in node.keys.indices { node.keys[i].column = renamed(node.keys[i].column) }
            for i in node.aggregates.indices {
                node.aggregates[i].column = renamed(node.aggregates[i].column)
            }
            node.groupingColumn = node.groupingColumn.map(renamed)
            result.node = .aggregate(node)
        case .join(var node):
            if case .mark(let mark) = node.kind { node.kind = .mark(renamed(mark)) }
            result.node = .join(node)
        case .window(var node):
            for i in node.items.indices { node.items[i].column = renamed(node.items[i].column) }
            result.node = .window(node)
        case .unnest(var node):
            node.columns = mapped(node.columns)
            result.node = .unnest(node)
        case .setOperation(var node):
            node.columns = mapped(node.columns)
            node.inputColumns = node.inputColumns.map(mapped)
            result.node = .setOperation(node)
        case .sharedScan(var node):
            node.columns = mapped(node.columns)
            node.sourceColumns = mapped(node.sourceColumns)
            result.node = .sharedScan(node)
        case .recursion(var node):
            node.columns = mapped(node.columns)
            node.anchorColumns = mapped(node.anchorColumns)
            node.stepColumns = mapped(node.stepColumns)
            result.node = .recursion(node)
        case .filter, .sort, .limit, .shared: break
        }
        return result
    }

    /// Rebuilds the node with changed children, where the change cannot fail.
    package func replacingChildren(_ transform: (LogicalPlan) -> LogicalPlan) -> LogicalPlan {
        let children = children.map(transform)
        var next = 0
        let result = Result { () throws(StarlingError) in
            try mapChildren { (_) throws(StarlingError) in
                defer { next += 1 }
                return children[next]
            }
        }
        guard case .success(let plan) = result else { return self }
        return plan
    }

    /// Rebuilds the node with changed expressions, where the change cannot fail.
    package func replacingExpressions(
        _ transform: (BoundExpression) -> BoundExpression
    ) -> LogicalPlan {
        let result = Result { () throws(StarlingError) in
            try mapExpressions { (expression) throws(StarlingError) in transform(expression) }
        }
        guard case .success(let plan) = result else { return self }
        return plan
    }
}

extension PlanColumn {
    /// A reference above an outer join may be NULL where the column itself is not.
    fileprivate func renamed(by columns: [ColumnID: PlanColumn]) -> PlanColumn {
        guard var new = columns[id] else { return self }
        new.isNullable = new.isNullable || isNullable
        return new
    }
}

extension BoundExpression {
    /// Puts other columns in the place of columns, in subqueries too.
    package func renaming(_ columns: [ColumnID: PlanColumn]) -> BoundExpression {
        replacing { node in
            switch node {
            case .column(let column): return .column(column.renamed(by: columns))
            case .subquery(var subquery):
                subquery.plan = PlanBox(subquery.plan.plan.renaming(columns))
                return .subquery(subquery)
            default: return node
            }
        }
    }
}
