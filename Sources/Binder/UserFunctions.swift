// Calls of functions that CREATE FUNCTION has made: the function's text is bound in the place of
// the call, in a scope in which its parameters mean the arguments and that sees nothing of the
// query around.

import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Binds a call of a user's function; nil where there is none of that name. What is
    /// written alike in one scope is the same value, so that GROUP BY and the select list can mean
    /// the same call.
    func bindUserFunction(
        _ call: FunctionCall
    ) throws(StarlingError) -> BoundExpression? {
        guard let function = try environment.function(call.name) else { return nil }
        if let same = scope.functionCalls[call] { return same }
        let known = calls?.aggregates.count
        let bound = try expand(function, call)
        if calls?.aggregates.count == known, bound.isDeterministic {
            scope.functionCalls[call] = bound
        }
        return bound
    }

    private func expand(
        _ function: CreateFunction, _ call: FunctionCall
    ) throws(StarlingError) -> BoundExpression {
        let name = function.name.last.text
        guard case .expression(let body) = function.body else {
            throw StarlingError(.binding, "\(name)() gives a table and stands in FROM")
        }
        guard call.filter == nil, !call.isDistinct, call.orderBy.isEmpty, !call.isStar,
            call.window == nil
        else {
            throw StarlingError(
                .binding,
                "DISTINCT, ORDER BY, FILTER, OVER and * belong to aggregates and windows; "
                    + "\(name)() is none")
        }
        let arguments = try userArguments(function, call.arguments)
        let bound = try naming(arguments) { (arguments) throws(StarlingError) in
            try bind(body, of: function, with: arguments)
        }
        guard let type = function.returns else { return bound }
        return .cast(bound, to: try LogicalType(type)).ifNeeded
    }

    /// Lets a function's text read the values of its arguments by name where copies would do harm; not
    /// where it reads them in a place of its own, a subquery or an aggregate.
    private func naming(
        _ arguments: [String: BoundExpression],
        in body: ([String: BoundExpression]) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        var inner = arguments
        var names: [NamedValue] = []
        for (parameter, value) in arguments.sorted(by: { $0.key < $1.key })
        where value.isWorthNaming {
            let column = binder.allocator.makeColumn(
                parameter, value.type, isNullable: value.mayBeNull, analyzers: value.analyzers)
            inner[parameter] = .column(column)
            names.append(NamedValue(column: column, value: value, body: value))
        }
        guard !names.isEmpty else { return try body(arguments) }
        let known = calls?.counts
        let bound = try body(inner)
        let ids = Set(names.map(\.column.id))
        let isReadInside = bound.contains {
            guard case .subquery = $0 else { return false }
            return !$0.referencedColumns.isDisjoint(with: ids)
        }
        if isReadInside || calls?.counts != known {
            if let known { calls?.forget(beyond: known) }
            return try body(arguments)
        }
        return names.reduce(bound) { body, name in
            .naming(NamedValue(column: name.column, value: name.value, body: body))
        }
    }

    private func bind(
        _ body: Expression, of function: CreateFunction, with arguments: [String: BoundExpression]
    ) throws(StarlingError) -> BoundExpression {
        let inner = ExpressionBinder(binder, scope: Scope(arguments: arguments, parent: scope))
        inner.calls = calls
        inner.clause = clause
        inner.isInsideAggregate = isInsideAggregate
        inner.isInsideWindow = isInsideWindow
        let known = calls?.aggregates.count ?? 0
        let bound = try binder.expanding(function) { () throws(StarlingError) in
            try inner.bind(body)
        }
        guard let calls else { return bound }
        let columns = calls.aggregateColumns
        for item in calls.aggregates.dropFirst(known) {
            var read = Set<ColumnID>()
            for argument in item.arguments { argument.collectColumns(into: &read) }
            guard read.isDisjoint(with: columns) else {
                throw StarlingError(
                    .binding,
                    "aggregates cannot be nested, and \(function.name.last.text)() has one")
            }
        }
        return bound
    }

    /// Pairs parameters with the arguments of a call, by place, by name or by default.
    func userArguments(
        _ function: CreateFunction, _ given: [FunctionArgument]
    ) throws(StarlingError) -> [String: BoundExpression] {
        let title = function.name.last.text
        let names = function.parameters.map { $0.name?.text ?? "" }
        var result: [String: BoundExpression] = [:]
        for (position, argument) in given.enumerated() {
            var place = position
            if let name = argument.name?.text {
                guard
                    let found = names.firstIndex(where: { $0.lowercased() == name.lowercased() })
                else {
                    throw StarlingError(
                        .binding,
                        "\(title)() has no parameter '\(name)'"
                            + suggestion(nearestName(to: name, among: names)))
                }
                place = found
            }
            guard place < names.count else {
                throw StarlingError(
                    .binding,
                    "\(title)() takes \(function.parameterCountText), "
                        + "\(given.count) are given")
            }
            guard result[names[place].lowercased()] == nil else {
                throw StarlingError(.binding, "\(title)() is given '\(names[place])' twice")
            }
            let value = try bind(argument.value)
            result[names[place].lowercased()] = try converted(value, function.parameters[place])
        }
        let constants = ExpressionBinder(binder, scope: Scope(parent: nil))
        for parameter in function.parameters {
            guard let name = parameter.name?.text, result[name.lowercased()] == nil else {
                continue
            }
            guard let value = parameter.defaultValue else {
                throw StarlingError(
                    .binding,
                    "\(title)() takes \(function.parameterCountText); '\(name)' is missing")
            }
            result[name.lowercased()] = try converted(try constants.bind(value), parameter)
        }
        return result
    }

    private func converted(
        _ value: BoundExpression, _ parameter: CreateFunction.Parameter
    ) throws(StarlingError) -> BoundExpression {
        guard let type = parameter.type else { return value }
        return coerce(value, to: try LogicalType(type))
    }
}

extension BoundExpression {
    /// Leaves out a cast to the type that its operand has.
    fileprivate var ifNeeded: BoundExpression {
        guard case .cast(let operand, let type) = self else { return self }
        return coerce(operand, to: type)
    }
}

extension CreateFunction {
    fileprivate var parameterCountText: String {
        let required = parameters.count { $0.defaultValue == nil }
        let count = parameters.count
        let number = required == count ? "\(count)" : "\(required) to \(count)"
        return count == 1 ? "\(number) argument" : "\(number) arguments"
    }
}

extension SelectBinder {
    /// Binds a call of a table macro beside the sources before it, which its arguments may name.
    func bindTableMacro(
        _ function: TableFunction, _ definition: CreateFunction, beside left: BoundSource?,
        _ range: TextRange
    ) throws(StarlingError) -> BoundSource {
        let name = definition.name.last.text
        guard case .table(let query) = definition.body else {
            throw StarlingError(.binding, "\(name)() gives a value and no table", at: range)
        }
        let around = Scope(columns: left?.columns ?? [], parent: outer)
        let expressions = ExpressionBinder(binder, scope: around)
        expressions.clause = "FROM"
        do throws(StarlingError) {
            let arguments = try expressions.userArguments(definition, function.arguments)
            let bound = try binder.expanding(definition) { () throws(StarlingError) in
                try binder.bind(query, outer: Scope(arguments: arguments, parent: around))
            }
            return BoundSource(
                plan: bound.plan,
                columns: try binder.scopeColumns(
                    bound.columns, alias: function.alias, defaultName: name))
        } catch {
            throw error.located(at: range)
        }
    }
}

extension QueryBinder {
    /// Binds the text of a function, in which a place is none of the query's and common tables of
    /// the query mean nothing.
    func expanding<Bound>(
        _ function: CreateFunction, _ bind: () throws(StarlingError) -> Bound
    ) throws(StarlingError) -> Bound {
        let name = function.name.parts.map { $0.text.lowercased() }.joined(separator: ".")
        guard !expandedFunctions.contains(name) else {
            throw StarlingError(
                .binding, "the function '\(function.name.last.text)' calls itself")
        }
        expandedFunctions.append(name)
        let visible = commonTables
        commonTables = []
        defer {
            commonTables = visible
            expandedFunctions.removeLast()
        }
        do { return try bind() } catch {
            throw StarlingError(
                error.kind, "in function '\(function.name.last.text)': \(error.message)")
        }
    }

    /// Binds the text of a function with parameters of no value, to find mistakes while their
    /// author is looking.
    package func check(_ function: CreateFunction) throws(StarlingError) {
        var arguments: [String: BoundExpression] = [:]
        for (number, parameter) in function.parameters.enumerated() {
            var column = PlanColumn(placeholder: number)
            if let type = parameter.type { column.type = try LogicalType(type) }
            arguments[parameter.name?.text.lowercased() ?? ""] = .column(column)
        }
        let scope = Scope(arguments: arguments, parent: nil)
        try expanding(function) { () throws(StarlingError) in
            switch function.body {
            case .expression(let body):
                let expressions = ExpressionBinder(self, scope: scope)
                expressions.calls = CallCollector()
                _ = try expressions.bind(body)
            case .table(let query): _ = try bind(query, outer: scope)
            case .properties: break
            }
        }
    }
}
