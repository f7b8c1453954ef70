// Grouping: keys and arguments are computed below the sink that gathers them.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    /// Groups rows: keys and arguments are computed first, then gathered by the sink.
    func aggregate(_ node: AggregateNode) throws(StarlingError) -> Fragment {
        var input = try fragment(of: node.input)
        var needed = node.keys.map(\.expression)
        for item in node.aggregates {
            needed += item.inputs + (item.condition.map { [$0] } ?? [])
        }
        // A row that is left out takes its whole group along only where all keys are in the set.
        let targets = node.groupingSets == nil ? targets(passing: node.keys, through: input) : [:]
        let positions = try materializeOnly(keys(needed), in: &input)
        let keys = node.keys.indices.map {
            GroupKey(position: positions[$0], in: input.layout)
        }
        var next = node.keys.count
        var calls: [AggregateCall] = []
        for item in node.aggregates {
            let count = item.arguments.count + item.ordering.count
            let arguments = Array(positions[next..<(next + count)])
            next += count
            var condition: Int?
            if item.condition != nil {
                condition = positions[next]
                next += 1
            }
            calls.append(try call(item, arguments, condition, input))
        }
        let sink = AggregateSink(
            keys: keys, aggregates: calls, groupingSets: node.groupingSets,
            hasGroupingColumn: node.groupingColumn != nil)
        finish(input, into: sink)
        return Fragment(
            source: AggregateSource(sink), layout: outputLayout(node, keys, calls),
            rowCountMaximum: node.keys.isEmpty
                ? 1 : multiplied(input.rowCountMaximum, by: node.groupingSets?.count ?? 1),
            targets: targets)
    }

    private func multiplied(_ count: Int?, by factor: Int) -> Int? {
        guard let count else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private func call(
        _ item: AggregateItem, _ arguments: [Int], _ condition: Int?, _ input: Fragment
    ) throws(StarlingError) -> AggregateCall {
        let isDistinct = item.isDistinct && !item.function.ignoresDuplicates
        // Rows that differ only in what they are ordered by are told apart until they are in order.
        let kernel = try kernel(
            item.function, item.signature, item.ordering,
            dropsDuplicates: isDistinct && !item.ordering.isEmpty, arguments, input)
        return AggregateCall(
            kernel: kernel, arguments: arguments,
            argumentTypes: arguments.map { input.layout[$0].physicalType }, condition: condition,
            isDistinct: isDistinct)
    }

    /// Makes the kernel of an aggregate over columns of the input: its arguments, and behind them
    /// what orders its rows.
    func kernel(
        _ function: AggregateFunction, _ signature: FunctionSignature, _ ordering: [SortKey],
        dropsDuplicates: Bool, _ arguments: [Int], _ input: Fragment
    ) throws(StarlingError) -> any AggregateKernel {
        let kernel = try plainKernel(
            function, signature, ordering, dropsDuplicates: dropsDuplicates, arguments, input)
        return signature.place.map { LocatedKernel(kernel: kernel, place: $0) } ?? kernel
    }

    private func plainKernel(
        _ function: AggregateFunction, _ signature: FunctionSignature, _ ordering: [SortKey],
        dropsDuplicates: Bool, _ arguments: [Int], _ input: Fragment
    ) throws(StarlingError) -> any AggregateKernel {
        guard ordering.isEmpty, !dropsDuplicates else {
            let order = ordering.map {
                GatheredOrder(
                    isAscending: $0.isAscending, nullsFirst: $0.nullsFirst,
                    type: $0.expression.type)
            }
            return try gatheringKernel(
                function, signature, order: order, isDistinct: dropsDuplicates)
        }
        let columns = arguments.map { input.layout[$0] }
        return try function.makeKernel(
            AggregateCallTypes(
                signature: signature, physicalTypes: columns.map(\.physicalType),
                bounds: columns.map(\.bounds), rowCountMaximum: input.rowCountMaximum))
    }

    private func outputLayout(
        _ node: AggregateNode, _ keys: [GroupKey], _ calls: [AggregateCall]
    ) -> ColumnLayout {
        var columns: [PhysicalColumn] = []
        for (item, key) in zip(node.keys, keys) {
            var column = item.column
            column.isNullable = key.isNullable || node.groupingSets != nil
            columns.append(
                PhysicalColumn(column: column, physicalType: key.physicalType, bounds: key.bounds))
        }
        if let column = node.groupingColumn {
            columns.append(
                PhysicalColumn(
                    column: column, physicalType: .int64,
                    bounds: PhysicalType.int64.integerBounds))
        }
        for (item, call) in zip(node.aggregates, calls) {
            columns.append(
                PhysicalColumn(
                    column: item.column, physicalType: call.kernel.resultPhysicalType,
                    bounds: call.kernel.resultBounds))
        }
        return ColumnLayout(columns)
    }

    /// Lets the fragment give just these expressions, each once, and returns where they stand.
    func materializeOnly(
        _ expressions: [BoundExpression], in fragment: inout Fragment
    ) throws(StarlingError) -> [Int] {
        var distinct: [BoundExpression] = []
        var places: [BoundExpression: Int] = [:]
        for expression in expressions where places[expression] == nil {
            places[expression] = distinct.count
            distinct.append(expression)
        }
        let isPlain = distinct.allSatisfy { if case .column = $0 { true } else { false } }
        if isPlain { return try materialize(expressions, in: &fragment) }
        let items = distinct.enumerated().map { index, expression in
            if case .column(let column) = expression { return ProjectItem(passing: column) }
            let column = PlanColumn(
                id: nextTemporaryID(), name: "computed \(index)", type: expression.type,
                isNullable: expression.mayBeNull)
            return ProjectItem(column: column, expression: expression)
        }
        fragment = try compute(items, over: fragment)
        return expressions.map { places[$0]! }
    }
}

extension AggregateItem {
    /// The arguments, and what puts the rows in order. What is computed is computed for the rows only
    /// that satisfy the condition: it might fail for others.
    fileprivate var inputs: [BoundExpression] {
        (arguments + ordering.map(\.expression)).map { expression in
            guard let condition, condition.isDeterministic, expression.constantValue == nil else {
                return expression
            }
            if case .column = expression { return expression }
            return .conditional(
                [ConditionalBranch(condition: condition, result: expression)],
                otherwise: .null(expression.type), expression.type)
        }
    }
}
