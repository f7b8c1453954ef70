// Estimates plans bottom-up.

import StarlingEvaluation
import StarlingPlans
import StarlingTables
import StarlingTypes

struct Estimator {
    /// Estimates of shared plans, for their scans.
    private var shared: [SharedPlanID: RelationEstimate] = [:]

    init() {}

    /// Estimates a plan and writes the row counts into its nodes.
    mutating func annotate(_ plan: LogicalPlan) -> (plan: LogicalPlan, estimate: RelationEstimate) {
        if case .shared(var node) = plan.node {
            let (definition, estimate) = annotate(node.definition)
            shared[node.id] = estimate
            let (body, result) = annotate(node.body)
            node.definition = definition
            node.body = body
            var annotated = plan
            annotated.node = .shared(node)
            annotated.estimatedRowCount = result.rowCount
            return (annotated, result)
        }
        if case .recursion(var node) = plan.node {
            let (anchor, estimate) = annotate(node.anchor)
            shared[node.id] = estimate
            node.anchor = anchor
            node.step = annotate(node.step).plan
            var annotated = plan
            annotated.node = .recursion(node)
            annotated.estimatedRowCount = estimate.rowCount * 10
            return (annotated, RelationEstimate(rowCount: estimate.rowCount * 10))
        }
        var inputs: [RelationEstimate] = []
        var annotated = plan
        var children: [LogicalPlan] = []
        for child in plan.children {
            let (child, estimate) = annotate(child)
            children.append(child)
            inputs.append(estimate)
        }
        var next = children.makeIterator()
        annotated = plan.replacingChildren { next.next() ?? $0 }
        var result = estimate(annotated, inputs)
        for column in annotated.outputColumns where result.columns[column.id] == nil {
            result.columns[column.id] = result.column(column.id)
        }
        annotated.estimatedRowCount = result.rowCount
        return (annotated, result)
    }

    /// Lets scans of a shared plan be estimated as its definition.
    mutating func learn(_ node: SharedNode) {
        shared[node.id] = estimate(node.definition)
    }

    /// Estimates a plan.
    mutating func estimate(_ plan: LogicalPlan) -> RelationEstimate { annotate(plan).estimate }

    private func estimate(
        _ plan: LogicalPlan, _ inputs: [RelationEstimate]
    ) -> RelationEstimate {
        switch plan.node {
        case .scan(let node): return estimateScan(node)
        case .values(let node): return RelationEstimate(rowCount: Double(node.rowCount))
        case .filter(let node):
            return inputs[0].scaled(by: Selectivity(input: inputs[0]).of(node.conjuncts))
        case .project(let node): return project(node.items, inputs[0])
        case .aggregate(let node): return aggregate(node, inputs[0])
        case .join(let node):
            return JoinEstimate(left: inputs[0], right: inputs[1]).of(node.kind, node.conditions)
        case .window: return inputs[0]
        case .unnest:
            var result = inputs[0]
            result.rowCount *= 4
            return result
        case .sort(let node): return limited(inputs[0], node.limit)
        case .limit(let node): return limited(inputs[0], node.limit)
        case .setOperation(let node): return setOperation(node, inputs)
        case .sharedScan(let node):
            guard let source = shared[node.id] else { return RelationEstimate(rowCount: 1_000) }
            var result = RelationEstimate(rowCount: source.rowCount)
            for (column, sourceColumn) in zip(node.columns, node.sourceColumns) {
                result.columns[column.id] = source.columns[sourceColumn.id]
            }
            return result
        case .shared, .recursion: return RelationEstimate(rowCount: 1_000)
        }
    }

    private func estimateScan(_ node: ScanNode) -> RelationEstimate {
        let statistics = node.table.statistics
        var estimate = RelationEstimate(rowCount: Double(statistics.rowCount))
        for column in node.columns {
            guard column.path.isEmpty, column.position < statistics.columns.count else { continue }
            estimate.columns[column.column.id] = ColumnEstimate(
                statistics.columns[column.position], type: column.column.type,
                rowCount: statistics.rowCount)
        }
        guard !node.conjuncts.isEmpty else { return estimate }
        let conditions = IndexableConditions(of: node)
        let selectivity = Selectivity(input: estimate) {
            node.table.forecast(of: conditions.condition($0))?.share
        }
        return estimate.scaled(by: selectivity.of(node.conjuncts))
    }

    private func project(_ items: [ProjectItem], _ input: RelationEstimate) -> RelationEstimate {
        var result = RelationEstimate(rowCount: input.rowCount)
        for item in items {
            if case .column(let column) = item.expression {
                result.columns[item.column.id] = input.columns[column.id]
            } else {
                result.columns[item.column.id] = ColumnEstimate(
                    distinctCount: input.distinctCount(of: item.expression))
            }
        }
        return result
    }

    private func aggregate(_ node: AggregateNode, _ input: RelationEstimate) -> RelationEstimate {
        guard !node.keys.isEmpty else { return RelationEstimate(rowCount: 1) }
        var result = project(node.keys, input)
        let groups = input.distinctCount(of: node.keys.map(\.expression))
        result.rowCount =
            min(groups, max(1, input.rowCount)) * Double(node.groupingSets?.count ?? 1)
        for (id, column) in result.columns {
            result.columns[id]!.distinctCount = min(column.distinctCount, result.rowCount)
        }
        return result
    }

    private func limited(_ input: RelationEstimate, _ limit: Int?) -> RelationEstimate {
        guard let limit, input.rowCount > Double(limit) else { return input }
        return input.scaled(by: Double(limit) / input.rowCount)
    }

    private func setOperation(
        _ node: SetOperationNode, _ inputs: [RelationEstimate]
    ) -> RelationEstimate {
        let rows: Double
        switch node.kind {
        case .union: rows = inputs.reduce(0) { $0 + $1.rowCount }
        case .intersect: rows = inputs.map(\.rowCount).min() ?? 0
        case .except: rows = inputs[0].rowCount
        }
        var result = RelationEstimate(rowCount: rows)
        for (position, column) in node.columns.enumerated() {
            let found = zip(inputs, node.inputColumns).map { $0.column($1[position].id) }
            result.columns[column.id] = found.max { $0.distinctCount < $1.distinctCount }
        }
        return result
    }
}
