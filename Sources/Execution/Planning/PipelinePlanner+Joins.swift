// Joins: which side is gathered, where its filters go, and what the join gives.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    /// Gathers one side of a join in a pipeline of its own and lets the other stream past it.
    func join(_ node: JoinNode, _ plan: LogicalPlan) throws(StarlingError) -> Fragment {
        let node = withKeyIfNullAware(node)
        let conditions = JoinConditions(of: node)
        let equalities = conditions.equalities
        let buildsLeft = node.buildSide == .left
        // The side that is gathered is planned first: its pipelines run first.
        var build = try fragment(of: buildsLeft ? node.left : node.right)
        let buildKeys = equalities.map { buildsLeft ? $0.left : $0.right }
        let ranges = conditions.ranges
        let buildPositions = try materialize(
            keys(buildKeys) + ranges.map { buildsLeft ? $0.left : $0.right }, in: &build)
        build = try packed(build)
        // The build side is complete before anything of the probe side runs, so that its filters
        // reach every scan there.
        let place = pipelines.count

        let filters = buildKeys.map {
            RuntimeFilterSlot(ExpressionPrinter(showsIdentities: true).text(of: $0))
        }
        var probe = try fragment(of: buildsLeft ? node.right : node.left)
        let probeKeys = equalities.map { buildsLeft ? $0.right : $0.left }
        if mayFilterProbe(node) { offer(filters, for: probeKeys, to: probe) }
        let probePositions = try materialize(
            keys(probeKeys) + ranges.map { buildsLeft ? $0.right : $0.left }, in: &probe)
        probe = try packed(probe)

        let left = buildsLeft ? build : probe
        let right = buildsLeft ? probe : build
        let outputs = try outputs(of: plan, node, left.layout, right.layout)
        var keys: [JoinKey] = []
        for (index, equality) in equalities.enumerated() {
            keys.append(
                JoinKey(
                    left: buildsLeft ? buildPositions[index] : probePositions[index],
                    right: buildsLeft ? probePositions[index] : buildPositions[index],
                    isNullSafe: equality.isNullSafe))
        }
        var description = JoinDescription(
            kind: JoinKind(node.kind), buildSide: buildsLeft ? .left : .right,
            leftTypes: left.layout.columns.map(\.physicalType),
            rightTypes: right.layout.columns.map(\.physicalType), keys: keys,
            residual: try residual(conditions.others, left.layout, right.layout),
            outputs: outputs.map(\.output))
        for (number, range) in ranges.enumerated() {
            // Behind the keys.
            let index = equalities.count + number
            let leftPosition = buildsLeft ? buildPositions[index] : probePositions[index]
            let rightPosition = buildsLeft ? probePositions[index] : buildPositions[index]
            guard JoinRange.canCompare(left.layout[leftPosition].physicalType),
                JoinRange.canCompare(right.layout[rightPosition].physicalType)
            else { continue }
            description.ranges.append(
                JoinRange(
                    left: leftPosition, right: rightPosition, isLeftGreater: range.isLeftGreater))
        }
        let sink = try JoinBuildSink(description, filters: filters)
        finish(build, into: sink, at: place)

        var result = probe
        result.append(sink.makeProbe(), giving: ColumnLayout(outputs.map(\.column)))
        result.rowCountMaximum = rowCountMaximum(node, left, right)
        result.targets = targets(of: node, left, right)
        return result
    }

    /// Turns a NOT IN whose comparison is no longer one of keys, since rules have folded it, into
    /// an anti join that treats NULL as true.
    private func withKeyIfNullAware(_ node: JoinNode) -> JoinNode {
        guard node.kind == .nullAwareAnti else { return node }
        let conditions = JoinConditions(of: node)
        if conditions.equalities.count == 1, conditions.others.isEmpty { return node }
        return node.withoutNullAwareness
    }

    /// True where probe rows without a match are not given, so that they need not be read.
    private func mayFilterProbe(_ node: JoinNode) -> Bool {
        switch node.kind {
        case .inner, .semi: true
        case .left: node.buildSide == .left
        case .anti: node.buildSide == .left
        case .full, .nullAwareAnti, .mark, .single: false
        }
    }

    /// Hands the filters of a join to the scans that give its keys.
    private func offer(
        _ filters: [RuntimeFilterSlot], for keys: [BoundExpression], to fragment: Fragment
    ) {
        guard execution.options.usesRuntimeFilters else { return }
        for (filter, key) in zip(filters, keys) {
            guard case .column(let column) = key else { continue }
            for target in fragment.targets[column.id] ?? [] {
                target.scan.add(filter, onColumn: target.column)
            }
        }
    }

    /// Filters of joins further on may take rows of a side away before this join, unless that
    /// would make rows of the other side lose their match.
    private func targets(
        of node: JoinNode, _ left: Fragment, _ right: Fragment
    ) -> [ColumnID: [FilterTarget]] {
        switch node.kind {
        case .inner: left.targets.merging(right.targets) { $0 + $1 }
        case .left, .semi, .anti, .nullAwareAnti, .mark, .single: left.targets
        case .full: [:]
        }
    }

    private func residual(
        _ conditions: [BoundExpression], _ left: ColumnLayout, _ right: ColumnLayout
    ) throws(StarlingError) -> (any RowCondition)? {
        guard !conditions.isEmpty else { return nil }
        let both = ColumnLayout(left.columns + right.columns)
        var referenced = Set<ColumnID>()
        for condition in conditions { condition.collectColumns(into: &referenced) }
        let positions = both.columns.indices.filter { referenced.contains(both[$0].column.id) }
        let filter = try CompiledFilter(
            conditions, layout: both.projected(to: positions), session: execution.session)
        return FilterCondition(filter, columns: positions)
    }

    private struct Output {
        var output: JoinOutput
        var column: PhysicalColumn
    }

    /// The columns that the plan's node gives, each with the side it comes from.
    private func outputs(
        of plan: LogicalPlan, _ node: JoinNode, _ left: ColumnLayout, _ right: ColumnLayout
    ) throws(StarlingError) -> [Output] {
        let wanted = needs?[plan]
        var result: [Output] = []
        for column in plan.outputColumns {
            if let wanted, !wanted.contains(column.id) { continue }
            if case .mark(let mark) = node.kind, mark == column {
                result.append(
                    Output(
                        output: .mark,
                        column: PhysicalColumn(
                            column: column, physicalType: .int8,
                            bounds: Bounds(low: 0, high: 1))))
            } else if let position = left.position(of: column.id) {
                result.append(
                    Output(
                        output: .left(position),
                        column: given(left[position], padded: node.kind == .full)))
            } else if let position = right.position(of: column.id) {
                let isPadded = node.kind == .full || node.kind == .left || node.isSingle
                result.append(
                    Output(
                        output: .right(position), column: given(right[position], padded: isPadded)))
            } else {
                throw StarlingError(
                    .internal, "column \(column.name) is on neither side of the join")
            }
        }
        return result
    }

    private func given(_ column: PhysicalColumn, padded: Bool) -> PhysicalColumn {
        var column = column
        if padded { column.column.isNullable = true }
        return column
    }

    private func rowCountMaximum(_ node: JoinNode, _ left: Fragment, _ right: Fragment) -> Int? {
        guard let leftMaximum = left.rowCountMaximum else { return nil }
        if node.givesOnlyLeft || node.isSingle { return leftMaximum }
        guard let rightMaximum = right.rowCountMaximum else { return nil }
        let (product, overflow) = max(1, leftMaximum).multipliedReportingOverflow(
            by: max(1, rightMaximum))
        return overflow ? nil : product
    }
}

extension JoinKind {
    init(_ kind: JoinNode.Kind) {
        switch kind {
        case .inner: self = .inner
        case .left: self = .left
        case .full: self = .full
        case .semi: self = .semi
        case .anti: self = .anti
        case .nullAwareAnti: self = .nullAwareAnti
        case .mark: self = .mark
        case .single(let place): self = .single(place)
        }
    }
}
