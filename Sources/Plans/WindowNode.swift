import StarlingFunctions
import StarlingTypes

/// Computes window functions that share a partitioning and an order.
package struct WindowNode: Sendable {
    package var input: LogicalPlan
    package var partitionKeys: [BoundExpression]
    package var orderKeys: [SortKey]
    package var items: [WindowItem]

    package init(
        input: LogicalPlan, partitionKeys: [BoundExpression], orderKeys: [SortKey],
        items: [WindowItem]
    ) {
        self.input = input
        self.partitionKeys = partitionKeys
        self.orderKeys = orderKeys
        self.items = items
    }
}

package struct WindowItem: Sendable {
    package enum Function: Sendable {
        case aggregate(AggregateFunction)
        case ranking(WindowFunction)
    }

    package var column: PlanColumn
    package var function: Function
    package var signature: FunctionSignature
    package var arguments: [BoundExpression]
    package var isDistinct: Bool
    /// FILTER (WHERE …).
    package var condition: BoundExpression?
    /// ORDER BY inside of an aggregate.
    package var ordering: [SortKey]
    package var frame: WindowFrame
    package var ignoresNulls: Bool

    package init(
        column: PlanColumn, function: Function, signature: FunctionSignature,
        arguments: [BoundExpression], isDistinct: Bool = false,
        condition: BoundExpression? = nil, ordering: [SortKey] = [], frame: WindowFrame,
        ignoresNulls: Bool = false
    ) {
        self.column = column
        self.function = function
        self.signature = signature
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.condition = condition
        self.ordering = ordering
        self.frame = frame
        self.ignoresNulls = ignoresNulls
    }

    /// Everything that the item reads: arguments, condition, order, and the ends of the frame.
    package var expressions: [BoundExpression] {
        arguments + (condition.map { [$0] } ?? []) + ordering.map(\.expression)
            + frame.expressions
    }
}

/// Bounds the rows around the current one that a window function sees.
package struct WindowFrame: Hashable, Sendable {
    package enum Unit: Hashable, Sendable {
        case rows
        case range
        /// Counts peers, all of those that are equal in the order keys as one.
        case groups
    }

    package enum Bound: Hashable, Sendable {
        case unboundedPreceding
        /// For RANGE the distance has been added to or taken from the order key by the binder: the
        /// expression is the key's value at which the frame begins or ends.
        case preceding(BoundExpression)
        case currentRow
        case following(BoundExpression)
        case unboundedFollowing
    }

    /// What of a frame is left out.
    package enum Exclusion: Hashable, Sendable {
        case currentRow
        /// The current row and its peers.
        case group
        /// The current row's peers, but not itself.
        case ties
    }

    package var unit: Unit
    package var start: Bound
    package var end: Bound
    package var exclusion: Exclusion?

    package init(unit: Unit, start: Bound, end: Bound, exclusion: Exclusion? = nil) {
        self.unit = unit
        self.start = start
        self.end = end
        self.exclusion = exclusion
    }

    package static let wholePartition = WindowFrame(
        unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing)
    /// What an ORDER BY without a frame means.
    package static let untilCurrentPeers = WindowFrame(
        unit: .range, start: .unboundedPreceding, end: .currentRow)
}
