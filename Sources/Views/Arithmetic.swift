import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Makes expressions and aggregates that the binder would make of SQL.
package enum Arithmetic {
    static func sum(
        _ left: BoundExpression, _ right: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        try call("add", left, right, as: left.type)
    }

    static func difference(
        _ left: BoundExpression, _ right: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        try call("subtract", left, right, as: left.type)
    }

    static func quotient(
        _ left: BoundExpression, _ right: BoundExpression, _ type: LogicalType
    ) throws(StarlingError) -> BoundExpression {
        try call("divide", left, right, as: type)
    }

    /// The day on which a year begins.
    static func firstDay(ofYear year: BoundExpression) throws(StarlingError) -> BoundExpression {
        try call("makedate", [year, .literal(.integer(1), .int)])
    }

    /// The beginning of the unit in which a day or moment lies.
    static func beginning(
        of unit: CalendarUnit, _ moment: BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        let function = try scalar("date_trunc")
        let name = BoundExpression.literal(.text(unit.rawValue), .string)
        let signature = try function.resolve(
            ArgumentList(
                types: [name.type, moment.type], constants: [name.constantValue, nil]))
        return .call(function, signature, [name, moment])
    }

    /// The array of whole numbers from 1 on.
    static func series(to last: BoundExpression) throws(StarlingError) -> BoundExpression {
        try call("array_generate", [.literal(.integer(1), .bigint), last])
    }

    /// A condition that is true; where it is not, the statement ends with an error.
    package static func assertion(
        _ condition: BoundExpression, orSaying parts: [BoundExpression]
    ) throws(StarlingError) -> BoundExpression {
        try call("assert_true", [condition, try call("concat", parts)])
    }

    private static func call(
        _ name: String, _ arguments: [BoundExpression]
    ) throws(StarlingError) -> BoundExpression {
        let function = try scalar(name)
        let signature = try function.resolve(
            ArgumentList(types: arguments.map(\.type), constants: arguments.map { _ in nil }))
        let operands = zip(arguments, signature.argumentTypes).map { operand, type in
            operand.type == type ? operand : BoundExpression.cast(operand, to: type)
        }
        return .call(function, signature, operands)
    }

    private static func scalar(_ name: String) throws(StarlingError) -> ScalarFunction {
        guard let function = FunctionRegistry.builtin.scalar(name) else {
            throw StarlingError(.internal, "there is no function \(name)")
        }
        return function
    }

    private static func call(
        _ name: String, _ left: BoundExpression, _ right: BoundExpression, as type: LogicalType
    ) throws(StarlingError) -> BoundExpression {
        let result = try call(name, [left, right])
        return result.type == type ? result : .cast(result, to: type)
    }

    /// Makes an aggregate of some of the rows.
    static func aggregate(
        _ name: String, _ arguments: [BoundExpression], where condition: BoundExpression?,
        _ allocator: ColumnAllocator
    ) throws(StarlingError) -> AggregateItem {
        guard let function = FunctionRegistry.builtin.aggregate(name) else {
            throw StarlingError(.internal, "there is no aggregate \(name)")
        }
        let signature = try function.resolve(
            ArgumentList(types: arguments.map(\.type), constants: arguments.map { _ in nil }))
        let converted = zip(arguments, signature.argumentTypes).map { argument, type in
            argument.type == type ? argument : BoundExpression.cast(argument, to: type)
        }
        return AggregateItem(
            column: allocator.makeColumn(name, signature.resultType), function: function,
            signature: signature, arguments: converted, condition: condition)
    }

    /// Gives another value instead of NULL.
    static func value(
        _ expression: BoundExpression, or other: BoundExpression
    ) -> BoundExpression {
        .conditional(
            [ConditionalBranch(condition: .isNull(expression), result: other)],
            otherwise: expression, expression.type)
    }
}
