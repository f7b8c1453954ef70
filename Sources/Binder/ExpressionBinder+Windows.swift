// Window functions: what they are called on, and their windows.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    func bindWindow(
        _ call: FunctionCall, _ reference: WindowReference, _ name: String
    ) throws(StarlingError) -> BoundExpression {
        guard let calls, !isInsideAggregate else {
            throw StarlingError(.binding, "window functions cannot stand in \(clause)")
        }
        guard !isInsideWindow else {
            throw StarlingError(.binding, "window functions cannot be nested; use a subquery")
        }
        isInsideWindow = true
        defer { isInsideWindow = false }
        let specification = try resolve(reference, calls)
        var orderKeys = try sortKeys(specification.orderBy)
        let partitionKeys = try mapAll(specification.partitionBy) {
            (key) throws(StarlingError) in orderable(try bind(key))
        }
        var condition: BoundExpression?
        var ordering: [SortKey] = []
        var isDistinct = false
        let function: WindowItem.Function
        var signature: FunctionSignature
        var arguments: [BoundExpression]
        var shown: LogicalType?
        if let ranking = FunctionRegistry.builtin.window(name) {
            guard call.filter == nil, !call.isDistinct, call.orderBy.isEmpty, !call.isStar else {
                throw StarlingError(
                    .binding,
                    "DISTINCT, ORDER BY, FILTER and * belong to aggregates; \(name)() is none")
            }
            let bound = try mapAll(call.arguments) { (argument) throws(StarlingError) in
                try bind(argument.value)
            }
            signature = try ranking.resolve(
                ArgumentList(types: bound.map(\.type), constants: bound.map(\.constantValue)))
            arguments = zip(bound, signature.argumentTypes).map { coerce($0, to: $1) }
            function = .ranking(ranking)
        } else if let (call, named) = aggregateCall(call) {
            let given = try aggregateArguments(call, named)
            let extreme = try extremeOfJSON(named, given.1)
            let aggregate = extreme?.0 ?? named
            let (resolved, inputs) = extreme.map { ($0.1, $0.2) } ?? given
            signature = resolved
            arguments = call.isDistinct ? inputs.map { groupable($0) } : inputs
            shown = signature.resultType
            try compareByKeys(aggregate, &signature, &arguments)
            condition = try aggregateCondition(call)
            ordering = try aggregateOrder(call, aggregate, arguments)
            isDistinct = call.isDistinct && !aggregate.ignoresDuplicates
            function = .aggregate(aggregate)
        } else {
            throw FunctionRegistry.builtin.unknownFunction(
                name, others: environment.userFunctionNames)
        }
        signature.place = place
        let frame = try bindFrame(specification.frame, &orderKeys)
        let item = WindowItem(
            column: binder.allocator.makeColumn(name, signature.resultType),
            function: function, signature: signature, arguments: arguments,
            isDistinct: isDistinct, condition: condition, ordering: ordering, frame: frame,
            ignoresNulls: call.nullTreatment == .ignore)
        let column = BoundExpression.column(
            calls.add(
                CollectedWindow(partitionKeys: partitionKeys, orderKeys: orderKeys, item: item)))
        var result = column
        if let shown, shown != column.type { result = documents(of: column, shown) }
        if case .aggregate(let aggregate) = function { return try limited(result, aggregate) }
        return result
    }

    private func resolve(
        _ reference: WindowReference, _ calls: CallCollector
    ) throws(StarlingError) -> WindowSpecification {
        var specification: WindowSpecification
        switch reference {
        case .inline(let inline): specification = inline
        case .named(let name): return try named(name, calls)
        }
        if let base = specification.base {
            let parent = try named(base, calls)
            specification.partitionBy = parent.partitionBy + specification.partitionBy
            if specification.orderBy.isEmpty { specification.orderBy = parent.orderBy }
            if specification.frame == nil { specification.frame = parent.frame }
        }
        return specification
    }

    private func named(
        _ name: Identifier, _ calls: CallCollector
    ) throws(StarlingError) -> WindowSpecification {
        let found = calls.namedWindows.first {
            $0.name.text.lowercased() == name.text.lowercased()
        }
        guard let found else {
            let near = nearestName(to: name.text, among: calls.namedWindows.map(\.name.text))
            throw StarlingError(
                .binding, "there is no window '\(name.text)'\(suggestion(near))", at: name.range)
        }
        return try resolve(.inline(found.specification), calls)
    }
}
