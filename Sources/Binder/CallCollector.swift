// Aggregates and window functions of a SELECT block, collected while its expressions are bound. In
// the expressions a column stands in the place of each call.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

final class CallCollector {
    var aggregates: [AggregateItem] = []
    var windows: [CollectedWindow] = []
    var namedWindows: [NamedWindow] = []
    var groupingCalls: [GroupingCall] = []

    /// The kept items that read aggregates, and those that read windows.
    var aggregated: Set<ColumnID> = []
    var windowed: Set<ColumnID> = []

    /// The columns that stand for aggregates or are made of them.
    var aggregateColumns: Set<ColumnID> {
        aggregated.union(aggregates.map(\.column.id) + groupingCalls.map(\.column.id))
    }

    /// The columns that stand for windows or are made of them.
    var windowColumns: Set<ColumnID> { windowed.union(windows.map(\.item.column.id)) }

    /// Adds an aggregate, or finds the same one.
    func add(_ item: AggregateItem) -> PlanColumn {
        let same = aggregates.first {
            $0.function == item.function && $0.arguments == item.arguments
                && $0.isDistinct == item.isDistinct && $0.condition == item.condition
                && $0.ordering == item.ordering
        }
        if let same { return same.column }
        aggregates.append(item)
        return item.column
    }

    /// How many calls there are of each kind.
    struct Counts: Equatable {
        var aggregates: Int
        var windows: Int
        var groupingCalls: Int
    }

    var counts: Counts {
        Counts(
            aggregates: aggregates.count, windows: windows.count,
            groupingCalls: groupingCalls.count)
    }

    /// Drops the calls that came since there were that many.
    func forget(beyond counts: Counts) {
        aggregates.removeSubrange(counts.aggregates...)
        windows.removeSubrange(counts.windows...)
        groupingCalls.removeSubrange(counts.groupingCalls...)
    }

    func add(_ window: CollectedWindow) -> PlanColumn {
        windows.append(window)
        return window.item.column
    }
}

/// Holds a window function with the window it runs over.
struct CollectedWindow {
    var partitionKeys: [BoundExpression]
    var orderKeys: [SortKey]
    var item: WindowItem

    mutating func rewrite(
        _ transform: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) {
        let node = WindowNode(
            input: LogicalPlan(.values(ValuesNode(columns: [], rows: []))),
            partitionKeys: partitionKeys, orderKeys: orderKeys, items: [item])
        let mapped = try LogicalPlan(.window(node)).mapExpressions(transform)
        guard case .window(let result) = mapped.node else { return }
        partitionKeys = result.partitionKeys
        orderKeys = result.orderKeys
        item = result.items[0]
    }
}

/// Is a call of `grouping(a, b)`.
struct GroupingCall {
    let name: String
    let arguments: [BoundExpression]
    /// Takes the result.
    let column: PlanColumn
    /// Where the call and its arguments stand in the statement's text.
    let place: TextRange?
    let argumentPlaces: [TextRange]
}
