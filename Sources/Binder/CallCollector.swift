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

    /// The columns that stand for aggregates.
    var aggregateColumns: Set<ColumnID> {
        Set(aggregates.map(\.column.id) + groupingCalls.map(\.column.id))
    }

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
