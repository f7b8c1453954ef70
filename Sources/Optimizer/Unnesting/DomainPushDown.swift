// The general way of unnesting: L ⋈dep R becomes L ⋈ (D ⋈dep R), where D holds the distinct values
// of the columns of L that R refers to, and D sinks into R operator by operator until nothing
// refers to it from outside. L is computed once and read twice.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

struct DomainPushDown {
    let context: PlanningContext

    func apply(to join: JoinNode) throws(StarlingError) -> LogicalPlan {
        let outer = join.left.outputColumnIDs
        let referenced = join.right.freeColumns.intersection(outer)
        let domainColumns = join.left.outputColumns.filter { referenced.contains($0.id) }
        let id = context.makeSharedID()

        // The shared definition computes copies; its scan beside the join gives the columns that
        // the operators above know.
        let leftColumns = join.left.outputColumns
        let copies = Dictionary(
            uniqueKeysWithValues: leftColumns.map { ($0.id, context.allocator.makeCopy(of: $0)) })
        let domain = Domain(
            id: id, outerColumns: domainColumns, sourceColumns: domainColumns.map { copies[$0.id]! }
        )
        let (right, mapping) = try push(domain, into: join.right)

        var node = join
        node.left = LogicalPlan(
            .sharedScan(
                SharedScanNode(
                    id: id, name: "outer", columns: leftColumns,
                    sourceColumns: leftColumns.map { copies[$0.id]! })))
        node.right = right
        node.isDependent = false
        node.conditions += domainColumns.map {
            .comparison(.nullSafeEqual, .column($0), .column(mapping[$0.id]!))
        }
        let shared = SharedNode(
            id: id, name: "outer", definition: join.left.renaming(copies),
            body: LogicalPlan(.join(node)))
        return LogicalPlan(.shared(shared))
    }

    /// The columns of D in one place of the plan, by the outer column that they stand for.
    typealias Mapping = [ColumnID: PlanColumn]

    struct Domain {
        let id: SharedPlanID
        /// What the right side refers to.
        let outerColumns: [PlanColumn]
        /// The same columns of the shared definition.
        let sourceColumns: [PlanColumn]
        var outerIDs: Set<ColumnID> { Set(outerColumns.map(\.id)) }
    }

    /// Makes a copy of D.
    private func makeDomain(_ domain: Domain) -> (LogicalPlan, Mapping) {
        let inputs = domain.outerColumns.map(context.allocator.makeCopy)
        let scan = LogicalPlan(
            .sharedScan(
                SharedScanNode(
                    id: domain.id, name: "outer", columns: inputs,
                    sourceColumns: domain.sourceColumns)))
        let outputs = domain.outerColumns.map(context.allocator.makeCopy)
        let keys = zip(outputs, inputs).map {
            ProjectItem(column: $0, expression: .column($1))
        }
        let distinct = LogicalPlan(
            .aggregate(AggregateNode(input: scan, keys: keys, aggregates: [])))
        let mapping = Dictionary(
            uniqueKeysWithValues: zip(domain.outerColumns.map(\.id), outputs))
        return (distinct, mapping)
    }

    /// Returns D ⋈dep plan: the plan's columns and those of D.
    private func push(
        _ domain: Domain, into plan: LogicalPlan
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        guard isCorrelated(plan, to: domain.outerIDs) else {
            let (distinct, mapping) = makeDomain(domain)
            let cross = JoinNode(kind: .inner, left: distinct, right: plan, conditions: [])
            return (LogicalPlan(.join(cross)), mapping)
        }
        switch plan.node {
        case .filter(var node):
            let (input, mapping) = try push(domain, into: node.input)
            node.input = input
            return (LogicalPlan(.filter(node)).readingDomain(mapping), mapping)
        case .project(var node):
            let (input, mapping) = try push(domain, into: node.input)
            node.input = input
            var result = LogicalPlan(.project(node)).readingDomain(mapping)
            guard case .project(var project) = result.node else { break }
            project.items += domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
            result.node = .project(project)
            return (result, mapping)
        case .aggregate(let node): return try pushIntoAggregate(domain, node)
        case .join(let node): return try pushIntoJoin(domain, node)
        case .window(var node):
            let (input, mapping) = try push(domain, into: node.input)
            node.input = input
            node.partitionKeys += domain.outerColumns.map { .column(mapping[$0.id]!) }
            return (LogicalPlan(.window(node)).readingDomain(mapping), mapping)
        case .unnest(var node):
            let (input, mapping) = try push(domain, into: node.input)
            node.input = input
            return (LogicalPlan(.unnest(node)).readingDomain(mapping), mapping)
        case .sort(let node):
            return try pushIntoLimit(
                domain, node.input, keys: node.keys, limit: node.limit, offset: node.offset)
        case .limit(let node):
            return try pushIntoLimit(
                domain, node.input, keys: [], limit: node.limit, offset: node.offset)
        case .setOperation(let node): return try pushIntoSetOperation(domain, node)
        case .values(let node): return pushIntoValues(domain, node)
        case .scan, .shared, .sharedScan, .recursion: break
        }
        throw StarlingError(
            .unsupported,
            "a common table expression inside a subquery refers to columns of the query around it; "
                + "write it as a derived table")
    }

    private func pushIntoAggregate(
        _ domain: Domain, _ aggregate: AggregateNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = aggregate
        let (input, mapping) = try push(domain, into: node.input)
        node.input = input
        guard
            case .aggregate(var grouped) = LogicalPlan(.aggregate(node))
                .readingDomain(mapping).node
        else { return (LogicalPlan(.aggregate(node)), mapping) }
        let firstNewKey = grouped.keys.count
        var keyMapping: Mapping = [:]
        for column in domain.outerColumns {
            let inner = mapping[column.id]!
            let key = context.allocator.makeCopy(of: inner)
            grouped.keys.append(ProjectItem(column: key, expression: .column(inner)))
            keyMapping[column.id] = key
        }
        let newKeys = Array(firstNewKey..<grouped.keys.count)
        grouped.groupingSets = grouped.groupingSets?.map { $0 + newKeys }
        guard aggregate.keys.isEmpty else { return (LogicalPlan(.aggregate(grouped)), keyMapping) }
        return joiningEmptyGroups(domain, grouped, keyMapping)
    }

    /// An aggregation without keys gives a row for every value of D, with counts of 0 where no row
    /// belongs to it.
    private func joiningEmptyGroups(
        _ domain: Domain, _ aggregate: AggregateNode, _ keys: Mapping
    ) -> (LogicalPlan, Mapping) {
        var node = aggregate
        let (distinct, mapping) = makeDomain(domain)
        var items = domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
        for index in node.aggregates.indices {
            let result = node.aggregates[index].column
            let raw = context.allocator.makeCopy(of: result)
            node.aggregates[index].column = raw
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
        let join = JoinNode(
            kind: .left, left: distinct, right: LogicalPlan(.aggregate(node)),
            conditions: equalities(domain, mapping, keys))
        let project = ProjectNode(input: LogicalPlan(.join(join)), items: items)
        return (LogicalPlan(.project(project)), mapping)
    }

    private func equalities(
        _ domain: Domain, _ left: Mapping, _ right: Mapping
    ) -> [BoundExpression] {
        domain.outerColumns.map {
            .comparison(.nullSafeEqual, .column(left[$0.id]!), .column(right[$0.id]!))
        }
    }

    private func pushIntoJoin(
        _ domain: Domain, _ join: JoinNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = join
        if node.kind == .inner, !isCorrelated(node.left, to: domain.outerIDs) {
            let (right, mapping) = try push(domain, into: node.right)
            node.right = right
            return (LogicalPlan(.join(node)).readingDomain(mapping), mapping)
        }
        let (left, leftMapping) = try push(domain, into: node.left)
        node.left = left
        // Conditions of inner and outer joins may refer to D too: the left copy serves them.
        guard isCorrelated(node.right, to: domain.outerIDs) || node.kind == .full else {
            return (LogicalPlan(.join(node)).readingDomain(leftMapping), leftMapping)
        }
        guard node.kind != .full else {
            throw StarlingError(
                .unsupported, "a FULL JOIN inside a correlated subquery is not supported")
        }
        let (right, rightMapping) = try push(domain, into: node.right)
        node.right = right
        var result = LogicalPlan(.join(node)).readingDomain(leftMapping)
        guard case .join(var joined) = result.node else { return (result, leftMapping) }
        joined.conditions += equalities(domain, leftMapping, rightMapping)
        if joined.kind == .nullAwareAnti { joined = withoutNullAwareness(joined) }
        result.node = .join(joined)
        return (result, leftMapping)
    }

    /// A null-aware anti join has one condition; with more it is an anti join that a NULL
    /// comparison satisfies.
    private func withoutNullAwareness(_ join: JoinNode) -> JoinNode {
        var join = join
        join.kind = .anti
        join.conditions[0] = .or([join.conditions[0], .isNull(join.conditions[0])])
        return join
    }

    /// A limit holds for each value of D: rows are numbered within it and filtered.
    private func pushIntoLimit(
        _ domain: Domain, _ input: LogicalPlan, keys: [SortKey], limit: Int?, offset: Int
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        let (pushed, mapping) = try push(domain, into: input)
        guard limit != nil || offset > 0 else { return (pushed, mapping) }
        let number = context.allocator.makeColumn("row_number", .bigint, isNullable: false)
        let columns = Dictionary(
            uniqueKeysWithValues: mapping.map { ($0.key, BoundExpression.column($0.value)) })
        let orderKeys = keys.map { key in
            var key = key
            key.expression = key.expression.substituting(columns)
            return key
        }
        let item = WindowItem(
            column: number, function: .ranking(.rowNumber),
            signature: FunctionSignature([], returns: .bigint), arguments: [],
            frame: .wholePartition)
        let window = WindowNode(
            input: pushed, partitionKeys: domain.outerColumns.map { .column(mapping[$0.id]!) },
            orderKeys: orderKeys, items: [item])
        var conjuncts: [BoundExpression] = []
        func compare(_ comparison: ComparisonOperator, _ bound: Int) {
            conjuncts.append(
                .comparison(
                    comparison, .column(number), .literal(.integer(Int128(bound)), .bigint)))
        }
        if offset > 0 { compare(.greater, offset) }
        if let limit { compare(.lessOrEqual, offset + limit) }
        let filter = FilterNode(input: LogicalPlan(.window(window)), conjuncts: conjuncts)
        return (LogicalPlan(.filter(filter)), mapping)
    }

    private func pushIntoSetOperation(
        _ domain: Domain, _ operation: SetOperationNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = operation
        for index in node.inputs.indices {
            let (input, mapping) = try push(domain, into: node.inputs[index])
            node.inputs[index] = input
            node.inputColumns[index] += domain.outerColumns.map { mapping[$0.id]! }
        }
        var mapping: Mapping = [:]
        for column in domain.outerColumns {
            let output = context.allocator.makeCopy(of: column)
            node.columns.append(output)
            mapping[column.id] = output
        }
        return (LogicalPlan(.setOperation(node)), mapping)
    }

    /// Each row of VALUES becomes a projection of D.
    private func pushIntoValues(
        _ domain: Domain, _ values: ValuesNode
    ) -> (LogicalPlan, Mapping) {
        var inputs: [LogicalPlan] = []
        var inputColumns: [[PlanColumn]] = []
        for row in values.rows {
            let (distinct, mapping) = makeDomain(domain)
            let replacements = mapping.mapValues { BoundExpression.column($0) }
            var items = domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
            var columns: [PlanColumn] = []
            for (column, expression) in zip(values.columns, row) {
                let copy = context.allocator.makeCopy(of: column)
                columns.append(copy)
                items.append(
                    ProjectItem(column: copy, expression: expression.substituting(replacements)))
            }
            inputs.append(LogicalPlan(.project(ProjectNode(input: distinct, items: items))))
            inputColumns.append(columns + domain.outerColumns.map { mapping[$0.id]! })
        }
        var mapping: Mapping = [:]
        let outputs = domain.outerColumns.map { column in
            let output = context.allocator.makeCopy(of: column)
            mapping[column.id] = output
            return output
        }
        let union = SetOperationNode(
            kind: .union, keepsDuplicates: true, inputs: inputs, inputColumns: inputColumns,
            columns: values.columns + outputs)
        return (LogicalPlan(.setOperation(union)), mapping)
    }
}

extension LogicalPlan {
    /// Lets the node's own expressions read D's columns where they read the outer ones.
    fileprivate func readingDomain(_ mapping: DomainPushDown.Mapping) -> LogicalPlan {
        replacingExpressions { $0.renaming(mapping) }
    }
}
