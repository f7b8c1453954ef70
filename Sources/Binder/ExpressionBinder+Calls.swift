// Calls: scalar functions, and the few that are written as calls and are expressions of their own.
// Aggregates and windows have their own files.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    func bindCall(
        _ call: FunctionCall, _ expression: Expression
    ) throws(StarlingError) -> BoundExpression {
        let name = call.name.last.text.lowercased()
        if let plain = Self.documentAggregates[name] {
            var inner = call
            inner.name.parts[inner.name.parts.count - 1].text = plain
            return coerce(try bindCall(inner, expression), to: .json)
        }
        if call.name.parts.count > 1 || !FunctionRegistry.builtin.contains(name),
            let bound = try bindUserFunction(call)
        {
            return bound
        }
        if let window = call.window { return try bindWindow(call, window, name) }
        if let aggregate = aggregateCall(call) {
            return try bindAggregate(aggregate.call, aggregate.function)
        }
        if FunctionRegistry.builtin.window(name) != nil {
            throw StarlingError(.binding, "\(name)() needs OVER (…)")
        }
        guard call.filter == nil, !call.isDistinct, call.orderBy.isEmpty, !call.isStar else {
            guard FunctionRegistry.builtin.scalar(name) != nil else {
                throw FunctionRegistry.builtin.unknownFunction(
                    name, others: environment.userFunctionNames)
            }
            throw StarlingError(
                .binding,
                "DISTINCT, ORDER BY, FILTER and * belong to aggregates; "
                    + "\(name)() is none")
        }
        if call.arguments.isEmpty, let function = SessionFunction(named: name) {
            let (value, type) = environment.value(of: function)
            return .literal(value, type)
        }
        if let special = try bindSpecialCall(name, call.arguments.map(\.value)) { return special }
        if let lambda = try bindLambdaCall(name, call.arguments.map(\.value)) { return lambda }
        var arguments: [BoundExpression] = []
        for (position, argument) in call.arguments.enumerated() {
            // A unit such as DAY is written like a column; functions of dates take it as text.
            if position == 0, Self.functionsWithUnits.contains(name),
                case .column(let column) = argument.value.kind, let text = column.simpleText,
                IntervalUnit(named: text) != nil
            {
                arguments.append(.literal(.text(text.lowercased()), .string))
            } else {
                arguments.append(try bind(argument.value))
            }
        }
        let function = FunctionRegistry.builtin.scalar(name)
        if function?.name == "group_concat_state", arguments.count == 1 {
            arguments.append(Self.defaultSeparator)
        }
        return try self.call(name, namingAnalyzers(arguments, of: name))
    }

    /// Aggregates whose result is that of another one as JSON.
    private static let documentAggregates = [
        "json_array_agg": "array_agg", "json_object_agg": "map_agg",
    ]

    private static let functionsWithUnits: Set<String> = [
        "timestampdiff", "timestampadd", "date_diff", "date_trunc",
    ]

    /// Calls the scalar function `name`.
    func call(
        _ name: String, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> BoundExpression {
        guard let function = FunctionRegistry.builtin.scalar(name) else {
            throw FunctionRegistry.builtin.unknownFunction(
                name, others: environment.userFunctionNames)
        }
        let signature = try ArgumentList(
            types: arguments.map(\.type), constants: arguments.map(\.constantValue)
        ).resolved(for: name, by: function.resolve)
        let cast = zip(arguments, signature.argumentTypes).map { coerce($0, to: $1) }
        guard function.comparesValues, cast.contains(where: { $0.type.holdsJSON }) else {
            return .call(function, signature, cast)
        }
        let keys = cast.map(orderable)
        let overKeys = try function.resolve(
            ArgumentList(types: keys.map(\.type), constants: keys.map(\.constantValue)))
        return documents(of: .call(function, overKeys, keys), signature.resultType)
    }

    /// Binds what must not evaluate all of its arguments, and what takes an INTERVAL.
    private func bindSpecialCall(
        _ name: String, _ arguments: [Expression]
    ) throws(StarlingError) -> BoundExpression? {
        switch (name, arguments.count) {
        case ("score", 0): return try bindScore()
        case ("search", 1), ("search", 2): return try bindSearch(arguments)
        case ("if", 3):
            let branch = ConditionalBranch(
                condition: try bindCondition(arguments[0]), result: try bind(arguments[1]))
            return try makeConditional([branch], try bind(arguments[2]))
        case ("ifnull", 2), ("nvl", 2), ("coalesce", 1...):
            return try bindCoalesce(arguments)
        case ("nullif", 2):
            return try bind(arguments[0]).named(by: binder.allocator) {
                (value) throws(StarlingError) in
                let isEqual = try compare(.equal, value, try bind(arguments[1]))
                return try makeConditional(
                    [ConditionalBranch(condition: isEqual, result: .null(value.type))], value)
            }
        case ("grouping", 1...), ("grouping_id", 1...):
            return try bindGroupingCall(name, arguments)
        case ("date_add", 2), ("adddate", 2), ("date_sub", 2), ("subdate", 2):
            guard case .interval(let amount, let unit) = arguments[1].kind else { return nil }
            return try shift(
                try bind(arguments[0]), amount, unit,
                isForward: name == "date_add" || name == "adddate")
        case ("time_slice", 2...3), ("date_slice", 2...3), ("date_floor", 2...3):
            return try bindSlice(name, arguments)
        case ("array_generate", 3):
            guard let step = try bindInterval(arguments[2]) else { return nil }
            return try call(name, [try bind(arguments[0]), try bind(arguments[1])] + step)
        case ("convert_interval", 2):
            guard let interval = try bindInterval(arguments[0]),
                case .column(let column) = arguments[1].kind, let target = column.simpleText
            else { return nil }
            return try call(
                name, interval + [.literal(.text(target.lowercased()), .string)])
        case ("bit_shift_left", 2), ("bit_shift_right", 2), ("bit_shift_right_logical", 2):
            return try bindShift(name, arguments[0], arguments[1])
        case ("dict_mapping", _): return try bindDictionaryMapping(arguments)
        case ("lookup_string", 3): return try bindKeyedText(arguments)
        case ("timestampadd", 3):
            guard case .column(let unitName) = arguments[0].kind,
                let unit = IntervalUnit(named: unitName.last.text)
            else { return nil }
            return try shift(try bind(arguments[2]), arguments[1], unit, isForward: true)
        default: return nil
        }
    }

    /// Binds an interval as the two arguments that functions take it as, a number and a unit; nil
    /// for what is none.
    func bindInterval(_ interval: Expression) throws(StarlingError) -> [BoundExpression]? {
        guard case .interval(let amount, let unit) = interval.kind else { return nil }
        return [try bind(amount), .literal(.text(unit.rawValue.lowercased()), .string)]
    }

    /// Binds `time_slice(t, INTERVAL 5 DAY, CEIL)`, whose end may be written like a column.
    private func bindSlice(
        _ name: String, _ arguments: [Expression]
    ) throws(StarlingError) -> BoundExpression? {
        guard let interval = try bindInterval(arguments[1]) else { return nil }
        var bound = [try bind(arguments[0])] + interval
        if arguments.count > 2 {
            if case .column(let column) = arguments[2].kind, let text = column.simpleText {
                bound.append(.literal(.text(text.lowercased()), .string))
            } else {
                bound.append(try bind(arguments[2]))
            }
        }
        return try call(name, bound)
    }

    private func bindCoalesce(_ arguments: [Expression]) throws(StarlingError) -> BoundExpression {
        let values = try mapAll(arguments) { (argument) throws(StarlingError) in
            try bind(argument)
        }
        guard values.count > 1 else { return values[0] }
        let type = try commonType(of: values)
        // Branches gather from the last one on; a value with a name begins an expression anew.
        var branches: [ConditionalBranch] = []
        var otherwise = coerce(values.last!, to: type)
        func closeBranches() {
            guard !branches.isEmpty else { return }
            otherwise = .conditional(branches.reversed(), otherwise: otherwise, type)
            branches = []
        }
        for value in values.dropLast().reversed() {
            guard value.isWorthNaming else {
                branches.append(ConditionalBranch(unlessNull: value, as: type))
                continue
            }
            closeBranches()
            let rest = otherwise
            otherwise = try value.named(by: binder.allocator) { value in
                .conditional(
                    [ConditionalBranch(unlessNull: value, as: type)], otherwise: rest, type)
            }
        }
        closeBranches()
        return otherwise
    }

    private func bindGroupingCall(
        _ name: String, _ arguments: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        guard let calls else {
            throw StarlingError(.binding, "\(name)() cannot stand in \(clause)")
        }
        guard !isInsideAggregate else {
            throw StarlingError(
                .binding, "\(name)() is known when the groups are; aggregate it in a query around")
        }
        let bound = try mapAll(arguments) { (argument) throws(StarlingError) in
            try bind(argument)
        }
        if let known = calls.groupingCalls.first(where: { $0.arguments == bound }) {
            return .column(known.column)
        }
        let column = binder.allocator.makeColumn(name, .bigint, isNullable: false)
        calls.groupingCalls.append(
            GroupingCall(
                name: name, arguments: bound, column: column, place: place,
                argumentPlaces: arguments.map(\.range)))
        return .column(column)
    }
}

extension ConditionalBranch {
    /// Gives a value where it is not NULL.
    fileprivate init(unlessNull value: BoundExpression, as type: LogicalType) {
        self.init(condition: .not(.isNull(value)), result: coerce(value, to: type))
    }
}
