// Calls of aggregates, with DISTINCT, FILTER and ORDER BY inside.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    func bindAggregate(
        _ call: FunctionCall, _ function: AggregateFunction
    ) throws(StarlingError) -> BoundExpression {
        guard !isInsideAggregate else {
            throw StarlingError(.binding, "aggregates cannot be nested; use a subquery")
        }
        isInsideAggregate = true
        defer { isInsideAggregate = false }
        var (signature, arguments) = try aggregateArguments(call, function)
        if call.isDistinct { arguments = arguments.map { groupable($0) } }
        var function = function
        if let extreme = try extremeOfJSON(function, arguments) {
            (function, signature, arguments) = extreme
        }
        let shown = signature.resultType
        try compareByKeys(function, &signature, &arguments)
        signature.place = place
        let condition = try aggregateCondition(call)
        let ordering = try aggregateOrder(call, function, arguments)
        let inputs = arguments + (condition.map { [$0] } ?? []) + ordering.map(\.expression)
        let calls = try collector(of: inputs, function)
        let isNullable = function.resultOverNoRows == nil
        let item = AggregateItem(
            column: binder.allocator.makeColumn(
                function.name, signature.resultType, isNullable: isNullable),
            function: function, signature: signature, arguments: arguments,
            isDistinct: call.isDistinct && !function.ignoresDuplicates, condition: condition,
            ordering: ordering)
        let result = try limited(.column(calls.add(item)), function)
        return result.type == shown ? result : documents(of: result, shown)
    }

    /// Hands an aggregate that gives one of its values the keys of JSON instead.
    func compareByKeys(
        _ function: AggregateFunction, _ signature: inout FunctionSignature,
        _ arguments: inout [BoundExpression]
    ) throws(StarlingError) {
        guard function.comparesValues, arguments.contains(where: { $0.type.holdsJSON }) else {
            return
        }
        arguments = arguments.map(orderable)
        signature = try function.resolve(
            ArgumentList(
                types: arguments.map(\.type), constants: arguments.map(\.constantValue)))
    }

    /// Cuts what group_concat() gives, where a setting says so.
    func limited(
        _ result: BoundExpression, _ function: AggregateFunction
    ) throws(StarlingError) -> BoundExpression {
        guard function.name == "group_concat", let limit = environment.modes.concatenationLimit
        else { return result }
        return try call("left", [result, .literal(.integer(Int128(limit)), .bigint)])
    }

    /// Writes min() and max() of JSON as the value that its key is least or greatest with; what is
    /// least or greatest by JSON is so by its key.
    func extremeOfJSON(
        _ function: AggregateFunction, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> (AggregateFunction, FunctionSignature, [BoundExpression])? {
        guard arguments.last?.type == .json else { return nil }
        let name: String
        switch (function.name, arguments.count) {
        case ("min", 1), ("max", 1): name = function.name + "_by"
        case ("min_by", 2), ("max_by", 2): name = function.name
        default: return nil
        }
        guard let other = FunctionRegistry.builtin.aggregate(name) else { return nil }
        let both = [arguments[0], orderable(arguments[arguments.count - 1])]
        let signature = try other.resolve(
            ArgumentList(types: both.map(\.type), constants: [nil, nil]))
        return (other, signature, both)
    }

    /// Aggregates that may take what they put in order behind WITHIN GROUP, and how many other
    /// arguments they have.
    private static let orderStatistics = [
        "percentile_cont": 1, "percentile_disc": 1, "percentile_approx": 1, "mode": 0, "median": 0,
    ]

    /// Finds the aggregate that a call names: by its name, or by that of another one that it is
    /// short for.
    func aggregateCall(
        _ call: FunctionCall
    ) -> (call: FunctionCall, function: AggregateFunction)? {
        let name = call.name.last.text.lowercased()
        if let plain = Self.distinctNames[name] {
            var distinct = call.named(plain)
            distinct.isDistinct = true
            return aggregateCall(distinct)
        }
        if let plain = conditionalCall(call, name) { return aggregateCall(plain) }
        guard let function = FunctionRegistry.builtin.aggregate(name) else { return nil }
        let isOrdered = Self.orderStatistics[function.name] == call.arguments.count
        return isOrdered ? orderStatistic(call, function) : (call, function)
    }

    /// Writes `sum_if(x, condition)` as `sum(x) FILTER (WHERE condition)`. With one argument
    /// `count_if(condition)` is a function of its own.
    private func conditionalCall(_ call: FunctionCall, _ name: String) -> FunctionCall? {
        guard name.hasSuffix("_if"), call.arguments.count > 1, call.filter == nil,
            let condition = call.arguments.last?.value
        else { return nil }
        let plain = String(name.dropLast(3))
        guard FunctionRegistry.builtin.aggregate(plain) != nil else { return nil }
        var result = call.named(plain)
        result.arguments.removeLast()
        result.filter = condition
        return result
    }

    /// Takes the value from WITHIN GROUP. A fraction of a descending order is what is left of it
    /// in the ascending one; between two values `percentile_disc` takes the one that comes later.
    private func orderStatistic(
        _ call: FunctionCall, _ function: AggregateFunction
    ) -> (call: FunctionCall, function: AggregateFunction) {
        var taken = call.takingOrderedValue
        guard call.orderBy.first?.isDescending == true, let fraction = call.arguments.first?.value
        else { return (taken, function) }
        if function.name == "percentile_disc",
            let descending = FunctionRegistry.builtin.aggregate("percentile_disc_desc")
        {
            return (taken, descending)
        }
        let one = Expression(.literal(.integer("1")), at: fraction.range)
        taken.arguments[1].value = Expression(.binary(.subtract, one, fraction), at: fraction.range)
        return (taken, function)
    }

    /// Names that stand for an aggregate with DISTINCT.
    private static let distinctNames = [
        "multi_distinct_count": "count", "multi_distinct_sum": "sum",
        "array_agg_distinct": "array_agg",
    ]

    func aggregateCondition(
        _ call: FunctionCall
    ) throws(StarlingError) -> BoundExpression? {
        guard let filter = call.filter else { return nil }
        return try bindCondition(filter)
    }

    /// Binds ORDER BY inside of an aggregate, where a number names an argument; none is left where
    /// the order doesn't show in the result.
    func aggregateOrder(
        _ call: FunctionCall, _ function: AggregateFunction, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> [SortKey] {
        let keys = try mapAll(call.orderBy) { (item) throws(StarlingError) in
            if let position = try binder.ordinal(item.expression, count: call.arguments.count) {
                return SortKey(item, arguments[position]).orderable
            }
            return SortKey(item, try bind(item.expression)).orderable
        }
        return function.dependsOnOrder ? keys.filter { !$0.expression.isConstant } : []
    }

    /// Finds the query that an aggregate belongs to: the innermost one whose columns it reads.
    private func collector(
        of inputs: [BoundExpression], _ function: AggregateFunction
    ) throws(StarlingError) -> CallCollector {
        var columns = Set<ColumnID>()
        for input in inputs { input.collectColumns(into: &columns) }
        let home = scope.home
        let owner = scope.owner(of: columns) ?? home
        let isOwn = owner === home
        guard let found = isOwn ? calls : owner.place?.calls else {
            let place = isOwn ? clause : owner.place?.clause ?? "FROM"
            throw StarlingError(
                .binding,
                "\(function.name)() cannot stand in \(place)"
                    + (isOwn ? "" : ", and it reads only columns of the query around")
                    + (place == "WHERE" ? "; use HAVING" : ""))
        }
        guard isOwn || owner.place?.isInsideAggregate == false else {
            throw StarlingError(
                .binding,
                "\(function.name)() reads only columns of the query around and would be nested in "
                    + "its aggregate or window")
        }
        return found
    }

    /// What group_concat() puts between texts where the query names nothing.
    static let defaultSeparator = BoundExpression.literal(.text(","), .string)

    func aggregateArguments(
        _ call: FunctionCall, _ function: AggregateFunction
    ) throws(StarlingError) -> (FunctionSignature, [BoundExpression]) {
        var bound = try mapAll(call.arguments) { (argument) throws(StarlingError) in
            try bind(argument.value)
        }
        let isConcatenation = ["group_concat", "group_concat_combine"].contains(function.name)
        let isPlain = call.name.last.text.lowercased() == "group_concat"
        if let separator = call.separator {
            bound.append(try bind(separator))
        } else if isConcatenation, isPlain || bound.count == 1 {
            // The states and the names of other engines take the separator as their last argument.
            bound.append(Self.defaultSeparator)
        }
        if call.isStar, function.name != "count" {
            throw StarlingError(.binding, "only count() takes *")
        }
        let signature = try ArgumentList(
            types: bound.map(\.type), constants: bound.map(\.constantValue)
        ).resolved(for: call.name.last.text.lowercased(), by: function.resolve)
        return (signature, zip(bound, signature.argumentTypes).map { coerce($0, to: $1) })
    }

    func sortKeys(_ items: [SortItem]) throws(StarlingError) -> [SortKey] {
        try mapAll(items) { (item) throws(StarlingError) in
            SortKey(item, try bind(item.expression)).orderable
        }
    }
}

extension FunctionCall {
    /// The same call of another function.
    fileprivate func named(_ name: String) -> FunctionCall {
        var call = self
        call.name.parts[call.name.parts.count - 1].text = name
        return call
    }
}
