// Aggregates that can be kept by adding what comes and taking away what goes. A view stores their
// states, a count of rows among them, in columns of its own:
//
//   count(x)       n, the count
//   sum(x), avg(x) s, the sum in 128 bits or 38 digits, and n
//   min(x)         m; where a row goes that is no greater, the group is computed anew
//
// What the user sees is computed from the states, when they change.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Says how the aggregates of a view are kept.
package struct AggregateStates: Sendable {
    enum Kind: Hashable {
        case count
        case sum
        case min
        case max
    }

    /// Is what a state is of; aggregates of the same have it in common.
    struct Source: Hashable {
        var kind: Kind
        var arguments: [BoundExpression]
        var condition: BoundExpression?
    }

    struct State: Sendable {
        var source: Source
        var column: PlanColumn
    }

    private(set) var states: [State] = []
    /// What the aggregates are, given the states.
    private(set) var results: [ProjectItem] = []
    /// Sums that must fit the type that sum() has.
    private(set) var boundedSums: [(sum: PlanColumn, type: LogicalType)] = []
    /// The number of rows of a group.
    let rowCount: PlanColumn
    let allocator: ColumnAllocator

    /// Makes the states; nil where some aggregate has none.
    init?(_ aggregate: AggregateNode, _ allocator: ColumnAllocator) throws(StarlingError) {
        self.allocator = allocator
        rowCount = allocator.makeColumn("rows", .bigint, isNullable: false)
        for item in aggregate.aggregates {
            guard let result = try result(of: item) else { return nil }
            results.append(ProjectItem(column: item.column, expression: result))
        }
    }

    /// The columns of the states, the number of rows first.
    package var columns: [PlanColumn] { [rowCount] + states.map(\.column) }

    // MARK: Results

    private mutating func result(
        of item: AggregateItem
    ) throws(StarlingError) -> BoundExpression? {
        guard item.ordering.isEmpty else { return nil }
        let type = item.column.type
        switch item.function.name {
        case "count" where !item.isDistinct && item.arguments.count <= 1:
            return .column(state(.count, of: item, item.arguments, .bigint))
        case "min", "max":
            // NaN stands behind all numbers in one order and beside them in another.
            guard item.arguments[0].type.isComparable, !item.arguments[0].type.isFloating else {
                return nil
            }
            let kind = item.function.name == "min" ? Kind.min : .max
            return .column(state(kind, of: item, item.arguments, type))
        case "sum", "avg":
            guard !item.isDistinct, item.arguments[0].type.sumStateType != nil else { return nil }
            let (sum, count) = total(of: item)
            let value: BoundExpression
            if item.function.name == "avg" {
                value = try Arithmetic.quotient(.column(sum), .column(count), type)
            } else {
                boundedSums.append((sum, type))
                value = sum.type == type ? .column(sum) : .cast(.column(sum), to: type)
            }
            let isEmpty = BoundExpression.comparison(
                .equal, .column(count), .literal(.integer(0), .bigint))
            return .conditional(
                [ConditionalBranch(condition: isEmpty, result: .null(type))], otherwise: value,
                type)
        default: return nil
        }
    }

    private mutating func total(
        of item: AggregateItem
    ) -> (sum: PlanColumn, count: PlanColumn) {
        let argument = item.arguments[0]
        let type = argument.type.sumStateType ?? .largeint
        let summed = argument.type == type ? argument : .cast(argument, to: type)
        return (
            state(.sum, of: item, [summed], type), state(.count, of: item, item.arguments, .bigint)
        )
    }

    /// Finds a state or adds it.
    private mutating func state(
        _ kind: Kind, of item: AggregateItem, _ arguments: [BoundExpression], _ type: LogicalType
    ) -> PlanColumn {
        let source = Source(kind: kind, arguments: arguments, condition: item.condition)
        if let known = states.first(where: { $0.source == source }) { return known.column }
        let isNullable = kind == .min || kind == .max
        let column = allocator.makeColumn("\(kind)", type, isNullable: isNullable)
        states.append(State(source: source, column: column))
        return column
    }
}

extension LogicalType {
    /// The type that holds the sum of any number of values; nil where sums are not exact.
    fileprivate var sumStateType: LogicalType? {
        switch self {
        case .decimal(_, let scale): .decimal(precision: 38, scale: scale)
        case .boolean: .largeint
        default: isInteger ? .largeint : nil
        }
    }
}
