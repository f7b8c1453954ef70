// WITH: common table expressions, also recursive ones.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

/// Holds a common table expression that can be named.
struct CommonTableBinding {
    var name: String
    var id: SharedPlanID
    /// The columns of the definition, with the names that readers see.
    var columns: [PlanColumn]
    /// Nil while the step of a recursion is bound, which reads the working table.
    var definition: LogicalPlan?
}

extension QueryBinder {
    func bindCommonTable(
        _ table: CommonTable, _ mayRecurse: Bool, _ outer: Scope?
    ) throws(StarlingError) -> CommonTableBinding {
        nextSharedID += 1
        let id = SharedPlanID(nextSharedID)
        if mayRecurse, case .setOperation(let operation) = table.query.body,
            operation.kind == .union
        {
            return try bindRecursion(table, operation, id, outer)
        }
        let bound = try bind(table.query, outer: outer)
        let columns = try named(bound.columns, table)
        return CommonTableBinding(
            name: table.name.text, id: id, columns: columns, definition: bound.plan)
    }

    /// Gives columns the names of the list behind the table's name, where there is one.
    private func named(
        _ columns: [PlanColumn], _ table: CommonTable
    ) throws(StarlingError) -> [PlanColumn] {
        guard !table.columns.isEmpty else { return columns }
        guard table.columns.count == columns.count else {
            throw StarlingError(
                .binding,
                "'\(table.name.text)' names \(table.columns.count) columns, its query has "
                    + "\(columns.count)", at: table.name.range)
        }
        return zip(columns, table.columns).map { column, name in
            var column = column
            column.name = name.text
            return column
        }
    }

    private func bindRecursion(
        _ table: CommonTable, _ operation: SetOperation, _ id: SharedPlanID, _ outer: Scope?
    ) throws(StarlingError) -> CommonTableBinding {
        let anchor: BoundQuery
        do throws(StarlingError) { anchor = try bindBody(operation.left, outer) } catch {
            // Of `a UNION b UNION c` b may be a step, too: what begins is as much as can be bound.
            guard let rotated = operation.rotated else { throw error }
            return try bindRecursion(table, rotated, id, outer)
        }
        var types = anchor.columns.map(\.type)
        let names = try named(anchor.columns, table).map(\.name)
        var (columns, step) = try bindStep(table, operation, id, names, types, outer)
        // `SELECT 1 … UNION ALL SELECT n + 1 …` counts on behind a TINYINT's range: the columns take
        // the types that both parts need, which four rounds reach for integers.
        for _ in 0..<4 {
            let known = zip(types, step.columns).map { LogicalType.commonType($0, $1.type) ?? $0 }
            if known == types { break }
            types = known
            (columns, step) = try bindStep(table, operation, id, names, types, outer)
        }
        let anchorCast = castColumns(of: anchor, to: types, comparesRows: !operation.isAll)
        let stepCast = castColumns(of: step, to: types, comparesRows: !operation.isAll)
        guard step.plan.reads(id) else {
            let union = SetOperationNode(
                kind: .union, keepsDuplicates: operation.isAll,
                inputs: [anchorCast.plan, stepCast.plan],
                inputColumns: [anchorCast.columns, stepCast.columns], columns: columns)
            return CommonTableBinding(
                name: table.name.text, id: id, columns: columns,
                definition: LogicalPlan(.setOperation(union)))
        }
        var node = RecursionNode(
            id: SharedPlanID(-id.number), name: table.name.text, columns: columns,
            anchor: anchorCast.plan, anchorColumns: anchorCast.columns,
            step: stepCast.plan.redirectingScans(of: id, to: SharedPlanID(-id.number)),
            stepColumns: stepCast.columns, keepsDuplicates: operation.isAll,
            depthMaximum: environment.value(ofSetting: "recursive_cte_max_depth")?.value.integer
                .flatMap { Int(exactly: $0) } ?? 10_000,
            place: table.name.range)
        let isError = environment.value(ofSetting: "recursive_cte_throw_limit_exception")
        node.endsInErrorAtMaximum = isError?.value != .boolean(false)
        return CommonTableBinding(
            name: table.name.text, id: id, columns: columns,
            definition: LogicalPlan(.recursion(node)))
    }

    /// Binds the recursive part over a working table whose columns have these types.
    private func bindStep(
        _ table: CommonTable, _ operation: SetOperation, _ id: SharedPlanID,
        _ names: [String], _ types: [LogicalType], _ outer: Scope?
    ) throws(StarlingError) -> (columns: [PlanColumn], step: BoundQuery) {
        // Any row may come from the step, so every column may be NULL.
        let columns = zip(names, types).map { allocator.makeColumn($0, $1) }
        commonTables.append(
            CommonTableBinding(name: table.name.text, id: id, columns: columns, definition: nil))
        defer { commonTables.removeLast() }
        let step = try bindBody(operation.right, outer)
        guard step.columns.count == columns.count else {
            throw StarlingError(
                .binding,
                "the recursive part of '\(table.name.text)' has \(step.columns.count) columns, "
                    + "its first part \(columns.count)", at: operation.right.range)
        }
        return (columns, step)
    }

    /// Reads a common table expression; each place has columns of its own.
    func scan(
        _ binding: CommonTableBinding, alias: TableAlias?
    ) throws(StarlingError) -> (plan: LogicalPlan, columns: [ScopeColumn]) {
        let columns = binding.columns.map(allocator.makeCopy)
        let node = SharedScanNode(
            id: binding.id, name: binding.name, columns: columns, sourceColumns: binding.columns)
        return (
            LogicalPlan(.sharedScan(node)),
            try scopeColumns(columns, alias: alias, defaultName: binding.name)
        )
    }
}

extension LogicalPlan {
    /// Tells whether a shared plan is read anywhere in here, subqueries included.
    func reads(_ id: SharedPlanID) -> Bool {
        if case .sharedScan(let scan) = node, scan.id == id { return true }
        if children.contains(where: { $0.reads(id) }) { return true }
        return expressions.contains { expression in
            expression.contains { part in
                if case .subquery(let subquery) = part {
                    subquery.plan.plan.reads(id)
                } else {
                    false
                }
            }
        }
    }

    func redirectingScans(of id: SharedPlanID, to target: SharedPlanID) -> LogicalPlan {
        var result = replacingChildren { $0.redirectingScans(of: id, to: target) }
        result = result.replacingExpressions { expression in
            expression.replacing { part in
                guard case .subquery(var subquery) = part else { return part }
                subquery.plan = PlanBox(subquery.plan.plan.redirectingScans(of: id, to: target))
                return .subquery(subquery)
            }
        }
        if case .sharedScan(var scan) = result.node, scan.id == id {
            scan.id = target
            result.node = .sharedScan(scan)
        }
        return result
    }
}

extension SetOperation {
    /// `a UNION (b UNION c)` of `(a UNION b) UNION c`; nil for what cannot be read that way.
    fileprivate var rotated: SetOperation? {
        guard case .setOperation(let first) = left, first.kind == kind, first.isAll == isAll else {
            return nil
        }
        var (outer, inner) = (self, first)
        outer.left = first.left
        inner.left = first.right
        inner.right = right
        outer.right = .setOperation(inner)
        return outer
    }
}
