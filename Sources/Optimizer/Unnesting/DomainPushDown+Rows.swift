// D in limits, set operations and literal rows.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension DomainPushDown {
    /// A limit holds for each value of D: rows are numbered within it and filtered.
    func pushIntoLimit(
        _ input: LogicalPlan, keys: [SortKey], limit: Int?, offset: Int
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        let (pushed, mapping) = try push(into: input)
        guard limit != nil || offset > 0 else { return (pushed, mapping) }
        let number = context.allocator.makeColumn("row_number", .bigint, isNullable: false)
        let orderKeys = keys.map { key in
            var key = key
            key.expression = key.expression.renaming(mapping)
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
        func compare(_ comparison: ComparisonOperator, _ bound: Int128) {
            conjuncts.append(
                .comparison(comparison, .column(number), .literal(.integer(bound), .largeint)))
        }
        if offset > 0 { compare(.greater, Int128(offset)) }
        if let limit { compare(.lessOrEqual, Int128(offset) + Int128(limit)) }
        let filter = FilterNode(input: LogicalPlan(.window(window)), conjuncts: conjuncts)
        return (LogicalPlan(.filter(filter)), mapping)
    }

    func pushIntoSetOperation(
        _ operation: SetOperationNode
    ) throws(StarlingError) -> (LogicalPlan, Mapping) {
        var node = operation
        for index in node.inputs.indices {
            let (input, mapping) = try pushNarrowed(into: node.inputs[index])
            node.inputs[index] = input
            node.inputColumns[index] += domain.outerColumns.map { mapping[$0.id]! }
        }
        let outputs = domain.outerColumns.map(context.allocator.makeCopy)
        node.columns += outputs
        return (LogicalPlan(.setOperation(node)), mapping(to: outputs))
    }

    /// Each row of VALUES becomes a projection of D.
    func pushIntoValues(_ values: ValuesNode) -> (LogicalPlan, Mapping) {
        guard values.constants.isEmpty else {
            return widened(LogicalPlan(.values(values)), [:])
        }
        var inputs: [LogicalPlan] = []
        var inputColumns: [[PlanColumn]] = []
        for row in values.rows {
            let (distinct, mapping) = makeDomain()
            var items = domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
            let columns =
                values.rows.count == 1
                ? values.columns : values.columns.map(context.allocator.makeCopy)
            for (column, expression) in zip(columns, row) {
                items.append(
                    ProjectItem(column: column, expression: expression.renaming(mapping)))
            }
            let project = LogicalPlan(.project(ProjectNode(input: distinct, items: items)))
            if values.rows.count == 1 { return (project, mapping) }
            inputs.append(project)
            inputColumns.append(columns + domain.outerColumns.map { mapping[$0.id]! })
        }
        let outputs = domain.outerColumns.map(context.allocator.makeCopy)
        let union = SetOperationNode(
            kind: .union, keepsDuplicates: true, inputs: inputs, inputColumns: inputColumns,
            columns: values.columns + outputs)
        return (LogicalPlan(.setOperation(union)), mapping(to: outputs))
    }
}
