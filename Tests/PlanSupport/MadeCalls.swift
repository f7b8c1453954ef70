// Calls of functions by name, as the binder makes them, for plans that are made by hand.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Makes a call with arguments converted as the function wants them.
package func made(
    _ name: String, _ arguments: BoundExpression...
) throws(StarlingError) -> BoundExpression {
    guard let function = FunctionRegistry.builtin.scalar(name) else {
        throw StarlingError(.internal, "no function \(name)")
    }
    let list = ArgumentList(
        types: arguments.map(\.type), constants: arguments.map(\.constantValue))
    let signature = try function.resolve(list)
    let converted = zip(arguments, signature.argumentTypes).map { argument, type in
        argument.type == type ? argument : BoundExpression.cast(argument, to: type)
    }
    return .call(function, signature, converted)
}

/// Makes an aggregate of columns or expressions.
package func made(
    aggregate name: String, _ arguments: [BoundExpression], as column: PlanColumn,
    where condition: BoundExpression? = nil, orderedBy ordering: [SortKey] = []
) throws(StarlingError) -> AggregateItem {
    guard let function = FunctionRegistry.builtin.aggregate(name) else {
        throw StarlingError(.internal, "no aggregate \(name)")
    }
    let signature = try function.resolve(
        ArgumentList(
            types: arguments.map(\.type), constants: arguments.map(\.constantValue)))
    return AggregateItem(
        column: column, function: function, signature: signature, arguments: arguments,
        condition: condition, ordering: ordering)
}
