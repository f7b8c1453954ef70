// D in aggregations: its columns become keys, first ones, so that the bitmap of the keys that a
// grouping set leaves out keeps its low bits.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension DomainPushDown {
    func pushIntoAggregate(
        _ aggregate: AggregateNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        let (input, mapping) = try push(into: aggregate.input)
        let read = LogicalPlan(.aggregate(aggregate)).readingDomain(mapping)
        guard case .aggregate(var node) = read.node else { return (read, mapping) }
        node.input = input
        guard let sets = node.groupingSets else {
            return node.keys.isEmpty
                ? joiningEmptyGroups(node, mapping) : grouped(node, mapping)
        }
        let totals = sets.count(where: \.isEmpty)
        guard totals > 0 else { return grouped(node, mapping) }
        return withTotals(node, count: totals, mapping)
    }

    /// Adds D's columns to the keys.
    private func grouped(_ node: AggregateNode, _ mapping: Mapping) -> (LogicalPlan, Mapping) {
        var node = node
        let count = domain.outerColumns.count
        var keys: [ProjectItem] = []
        for column in domain.outerColumns {
            let inner = mapping[column.id]!
            let key = context.allocator.makeCopy(of: inner)
            keys.append(ProjectItem(column: key, expression: .column(inner)))
        }
        node.keys = keys + node.keys
        node.groupingSets = node.groupingSets?.map { set in
            Array(0..<count) + set.map { $0 + count }
        }
        return (LogicalPlan(.aggregate(node)), self.mapping(to: keys.map(\.column)))
    }

    /// An aggregation without keys gives a row for every value of D, with counts of 0 where no row
    /// belongs to it.
    private func joiningEmptyGroups(
        _ aggregate: AggregateNode, _ inputs: Mapping
    ) -> (LogicalPlan, Mapping) {
        var node = aggregate
        node.groupingSets = nil
        let (distinct, mapping) = makeDomain()
        var items = domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
        for index in node.aggregates.indices {
            let result = node.aggregates[index].column
            var raw = context.allocator.makeCopy(of: result)
            node.aggregates[index].column = raw
            raw.isNullable = true
            var expression = BoundExpression.column(raw)
            if let empty = node.aggregates[index].function.resultOverNoRows {
                expression = .conditional(
                    [
                        ConditionalBranch(
                            condition: .isNull(.column(raw)),
                            result: .literal(empty, result.type))
                    ], otherwise: expression, result.type)
            }
            items.append(ProjectItem(column: result, expression: expression))
        }
        let (right, keys) = grouped(node, inputs)
        let join = JoinNode(
            kind: .left, left: distinct, right: right, conditions: equalities(mapping, keys))
        let project = ProjectNode(input: LogicalPlan(.join(join)), items: items)
        return (LogicalPlan(.project(project)), mapping)
    }

    /// The set without keys gives its row for every value of D, rows or not: it is taken apart from
    /// the others, over the same input.
    private func withTotals(
        _ node: AggregateNode, count: Int, _ mapping: Mapping
    ) -> (LogicalPlan, Mapping) {
        let id = context.makeSharedID()
        let columns = LogicalPlan(.aggregate(node)).outputColumns
        var inputs: [LogicalPlan] = []
        var inputColumns: [[PlanColumn]] = []
        func add(_ plan: LogicalPlan, _ mapping: Mapping, _ own: [PlanColumn]) {
            inputs.append(plan)
            inputColumns.append(own + domain.outerColumns.map { mapping[$0.id]! })
        }
        var others = node
        others.groupingSets = node.groupingSets?.filter { !$0.isEmpty }
        if others.groupingSets?.isEmpty == false {
            let (copy, inner) = reading(id, others, mapping)
            let (plan, keys) = grouped(copy, inner)
            let own = LogicalPlan(.aggregate(copy)).outputColumns
            add(plan, keys, own)
        }
        for _ in 0..<count {
            let (copy, inner) = reading(id, node, mapping)
            var total = copy
            total.keys = []
            total.groupingColumn = nil
            let (plan, keys) = joiningEmptyGroups(total, inner)
            var items = copy.keys.map {
                ProjectItem(column: $0.column, expression: .null($0.column.type))
            }
            if let column = copy.groupingColumn {
                let mask = (Int128(1) << Int128(copy.keys.count)) - 1
                items.append(
                    ProjectItem(column: column, expression: .literal(.integer(mask), .bigint)))
            }
            let own = items.map(\.column) + total.aggregates.map(\.column)
            items += plan.outputColumns.map(ProjectItem.init(passing:))
            add(LogicalPlan(.project(ProjectNode(input: plan, items: items))), keys, own)
        }
        let outputs = domain.outerColumns.map(context.allocator.makeCopy)
        let union = LogicalPlan(
            .setOperation(
                SetOperationNode(
                    kind: .union, keepsDuplicates: true, inputs: inputs,
                    inputColumns: inputColumns, columns: columns + outputs)))
        let shared = SharedNode(id: id, name: "input", definition: node.input, body: union)
        return (LogicalPlan(.shared(shared)), self.mapping(to: outputs))
    }

    /// Makes a copy of the aggregation over a scan of the shared plan `id`, which is its input.
    private func reading(
        _ id: SharedPlanID, _ node: AggregateNode, _ mapping: Mapping
    ) -> (AggregateNode, Mapping) {
        let sources = node.input.outputColumns
        let copies = sources.map(context.allocator.makeCopy)
        var renamed = Dictionary(
            zip(sources.map(\.id), copies), uniquingKeysWith: { first, _ in first })
        let inner = mapping.mapValues { renamed[$0.id] ?? $0 }
        for column in LogicalPlan(.aggregate(node)).outputColumns {
            renamed[column.id] = context.allocator.makeCopy(of: column)
        }
        for (source, column) in zip(sources, copies) { renamed[source.id] = column }
        var bare = node
        bare.input = LogicalPlan(.values(ValuesNode(columns: [], rows: [])))
        let plan = LogicalPlan(.aggregate(bare)).renaming(renamed)
        guard case .aggregate(var copy) = plan.node else { return (node, mapping) }
        copy.input = LogicalPlan(
            .sharedScan(
                SharedScanNode(id: id, name: "input", columns: copies, sourceColumns: sources)))
        return (copy, inner)
    }
}
