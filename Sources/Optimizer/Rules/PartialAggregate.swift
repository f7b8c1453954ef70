// An aggregate of parts of the rows, and how parts are put together: counts and sums add up, of
// extremes the most extreme counts, and an average is a sum and a count.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Computes an aggregate in two steps or more.
struct PartialAggregate {
    /// What is computed of the rows.
    let parts: [AggregateItem]
    private let item: AggregateItem

    /// What puts results together, by the aggregate's name.
    private static let combining = ["count": "sum", "sum": "sum", "min": "min", "max": "max"]

    /// Tells whether an aggregate can be computed of parts.
    static func isPossible(_ item: AggregateItem) -> Bool {
        !item.isDistinct && item.ordering.isEmpty
            && (combining[item.function.name] != nil || item.function.name == "avg")
    }

    init(_ item: AggregateItem, _ allocator: ColumnAllocator) throws(StarlingError) {
        self.item = item
        if item.function.name == "avg" {
            parts = [
                try Self.part("sum", of: item, allocator),
                try Self.part("count", of: item, allocator),
            ]
        } else {
            var part = item
            part.column = allocator.makeCopy(of: item.column)
            parts = [part]
        }
    }

    /// Makes the aggregates that put parts together, given their columns.
    func wholes(
        of columns: [PlanColumn], _ allocator: ColumnAllocator
    ) throws(StarlingError) -> [AggregateItem] {
        var wholes: [AggregateItem] = []
        for (part, column) in zip(parts, columns) {
            let function = try Self.aggregate(Self.combining[part.function.name]!)
            let signature = try function.resolve(
                ArgumentList(types: [column.type], constants: [nil]))
            wholes.append(
                AggregateItem(
                    column: allocator.makeColumn(part.column.name, signature.resultType),
                    function: function, signature: signature, arguments: [.column(column)]))
        }
        return wholes
    }

    /// Gives the aggregate in terms of the columns of parts or wholes.
    func result(of columns: [PlanColumn]) throws(StarlingError) -> BoundExpression {
        switch item.function.name {
        case "avg": return try Self.quotient(columns[0], columns[1], item.column.type)
        case "count":
            // Without any row there is no part to add up; a count is 0 then.
            let count = BoundExpression.column(columns[0])
            return .conditional(
                [
                    ConditionalBranch(
                        condition: .isNull(count), result: .literal(.integer(0), .bigint))
                ],
                otherwise: count, item.column.type)
        default: return .column(columns[0])
        }
    }

    /// Makes the sum or the count that an average is made of.
    private static func part(
        _ name: String, of average: AggregateItem, _ allocator: ColumnAllocator
    ) throws(StarlingError) -> AggregateItem {
        let function = try aggregate(name)
        var argument = average.arguments[0]
        // The average of any BIGINTs exists, their sum may need more digits.
        if name == "sum", argument.type == .bigint { argument = .cast(argument, to: .largeint) }
        let signature = try function.resolve(
            ArgumentList(types: [argument.type], constants: [nil]))
        if let type = signature.argumentTypes.first, type != argument.type {
            argument = .cast(argument, to: type)
        }
        return AggregateItem(
            column: allocator.makeColumn(name, signature.resultType), function: function,
            signature: signature, arguments: [argument], condition: average.condition)
    }

    private static func quotient(
        _ total: PlanColumn, _ count: PlanColumn, _ type: LogicalType
    ) throws(StarlingError) -> BoundExpression {
        guard let divide = FunctionRegistry.builtin.scalar("divide") else {
            throw StarlingError(.internal, "there is no division")
        }
        let signature = try divide.resolve(
            ArgumentList(types: [total.type, count.type], constants: [nil, nil]))
        let operands = zip([total, count], signature.argumentTypes).map { column, type in
            column.type == type
                ? BoundExpression.column(column) : .cast(.column(column), to: type)
        }
        let quotient = BoundExpression.call(divide, signature, operands)
        return signature.resultType == type ? quotient : .cast(quotient, to: type)
    }

    private static func aggregate(_ name: String) throws(StarlingError) -> AggregateFunction {
        guard let function = FunctionRegistry.builtin.aggregate(name) else {
            throw StarlingError(.internal, "there is no aggregate \(name)")
        }
        return function
    }
}
