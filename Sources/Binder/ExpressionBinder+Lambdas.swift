// Calls with lambdas: the parameters become columns of a scope of their own, inside of which the
// columns of the query are seen, too.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    private static let otherNames: [String: LambdaCall.Kind] = [
        "transform": .arrayMap, "filter": .arrayFilter, "array_sort_by": .arraySortBy,
    ]

    /// Binds a call that has a lambda among its arguments; nil where it has none.
    func bindLambdaCall(
        _ name: String, _ arguments: [Expression]
    ) throws(StarlingError) -> BoundExpression? {
        let lambdas = arguments.indices.filter {
            if case .lambda = arguments[$0].kind { true } else { false }
        }
        guard let place = lambdas.first else { return nil }
        guard let kind = LambdaCall.Kind(rawValue: name) ?? Self.otherNames[name] else {
            // A name that no function has is the fault, and what follows says so.
            guard FunctionRegistry.builtin.contains(name) else { return nil }
            throw StarlingError(
                .binding, "\(name)() takes no lambda", at: arguments[place].range)
        }
        guard lambdas.count == 1, place == 0 || place == arguments.count - 1,
            arguments.count > 1, case .lambda(let names, let body) = arguments[place].kind
        else { throw StarlingError(.binding, "\(name)() takes one lambda, first or last") }
        var lists: [BoundExpression] = []
        for (position, argument) in arguments.enumerated() where position != place {
            lists.append(try bind(argument))
        }
        if lists.contains(where: { $0.type == .null }) { return .null(.null) }
        let types = try elementTypes(of: lists, kind)
        guard names.count == types.count else {
            throw StarlingError(
                .binding,
                "the lambda of \(name)() has \(types.count) parameters, not "
                    + "\(names.count)", at: arguments[place].range)
        }
        let parameters = zip(names, types).map {
            binder.allocator.makeColumn($0.text, $1)
        }
        let inner = ExpressionBinder(
            binder,
            scope: Scope(
                columns: zip(names, parameters).map {
                    ScopeColumn(table: nil, database: nil, name: $0.text, column: $1)
                }, parent: scope))
        inner.clause = "a lambda"
        inner.aliases = aliases.filter { alias in
            !names.contains { $0.text.lowercased() == alias.key }
        }
        inner.aliasesComeFirst = aliasesComeFirst
        let bodies = try bindBodies(body, kind, inner)
        let ids = Set(parameters.map(\.id))
        let readsParameter = bodies.contains { body in
            body.contains {
                guard case .subquery = $0 else { return false }
                return !$0.referencedColumns.isDisjoint(with: ids)
            }
        }
        guard !readsParameter else {
            throw StarlingError(
                .unsupported,
                "a subquery in a lambda can't read the lambda's parameters; UNNEST the array and join "
                    + "instead", at: body.range)
        }
        if kind == .arraySort, !bodies.allSatisfy(\.isDeterministic) {
            throw StarlingError(
                .binding,
                "the lambda of array_sort() has to say the same of two elements whenever it is "
                    + "asked", at: body.range)
        }
        return .lambda(
            LambdaCall(
                kind: kind, parameters: parameters, bodies: bodies, lists: lists,
                type: resultType(kind, lists[0].type, bodies.map(\.type))))
    }

    private func elementTypes(
        of lists: [BoundExpression], _ kind: LambdaCall.Kind
    ) throws(StarlingError) -> [LogicalType] {
        switch kind {
        case .mapApply, .mapFilter, .transformKeys, .transformValues:
            guard lists.count == 1, case .map(let key, let value) = lists[0].type else {
                throw StarlingError(.binding, "\(kind.rawValue)() takes a lambda and a map")
            }
            return [key, value]
        case .arraySort:
            guard lists.count == 1, case .array(let element) = lists[0].type else {
                throw StarlingError(.binding, "array_sort() takes an array and a lambda")
            }
            return [element, element]
        default:
            return try mapAll(lists) { (list) throws(StarlingError) in
                guard case .array(let element) = list.type else {
                    throw StarlingError(
                        .binding, "\(kind.rawValue)() takes arrays, not \(list.type)")
                }
                return element
            }
        }
    }

    private func bindBodies(
        _ body: Expression, _ kind: LambdaCall.Kind, _ inner: ExpressionBinder
    ) throws(StarlingError) -> [BoundExpression] {
        switch kind {
        case .mapApply:
            guard case .row(let pair) = body.kind, pair.count == 2 else {
                throw StarlingError(
                    .binding, "the lambda of map_apply() gives a key and a value in parentheses",
                    at: body.range)
            }
            return [try inner.bind(pair[0]), try inner.bind(pair[1])]
        case .arrayFilter, .mapFilter, .anyMatch, .allMatch, .noneMatch:
            return [try inner.bindCondition(body)]
        case .arraySort:
            // A number below 0 says what true does: that x comes before y.
            let type = try inner.bind(body).type
            if type.isNumeric, type != .boolean {
                let zero = Expression(.literal(.integer("0")), at: body.range)
                return [
                    try inner.bindCondition(
                        Expression(.binary(.less, body, zero), at: body.range))
                ]
            }
            return [try inner.bindCondition(body)]
        case .arraySortBy: return [orderable(try inner.bind(body))]
        case .arrayMap, .transformKeys, .transformValues: return [try inner.bind(body)]
        }
    }

    private func resultType(
        _ kind: LambdaCall.Kind, _ list: LogicalType, _ bodies: [LogicalType]
    ) -> LogicalType {
        switch (kind, list) {
        case (.arrayMap, _): return .array(bodies[0])
        case (.anyMatch, _), (.allMatch, _), (.noneMatch, _): return .boolean
        case (.mapApply, _): return .map(key: bodies[0], value: bodies[1])
        case (.transformKeys, .map(_, let value)): return .map(key: bodies[0], value: value)
        case (.transformValues, .map(let key, _)): return .map(key: key, value: bodies[0])
        default: return list
        }
    }
}
