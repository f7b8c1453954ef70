// Bitmaps, sketches and states have no order and no equality that a user could mean: a query that
// needs one is refused here, wherever in its plan that is.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension LogicalPlan {
    /// Says no to operators that would compare opaque values.
    func checkOpaqueValues() throws(StarlingError) {
        switch node {
        case .aggregate(let node):
            let place = node.aggregates.isEmpty ? "GROUP BY or DISTINCT" : "GROUP BY"
            for key in node.keys { try refuse(key.column.type, in: place) }
            for item in node.aggregates {
                if item.isDistinct { try refuse(item.arguments, in: "DISTINCT") }
                try refuse(item.ordering.map(\.expression), in: "ORDER BY")
            }
        case .sort(let node): try refuse(node.keys.map(\.expression), in: "ORDER BY")
        case .window(let node):
            try refuse(node.partitionKeys, in: "PARTITION BY")
            try refuse(node.orderKeys.map(\.expression), in: "ORDER BY")
            for item in node.items {
                if item.isDistinct { try refuse(item.arguments, in: "DISTINCT") }
                try refuse(item.ordering.map(\.expression), in: "ORDER BY")
            }
        case .setOperation(let node):
            if node.kind == .union, node.keepsDuplicates { break }
            for column in node.columns { try refuse(column.type, in: "UNION and its like") }
        case .recursion(let node):
            if node.keepsDuplicates { break }
            for column in node.columns { try refuse(column.type, in: "UNION and its like") }
        default: break
        }
        for child in children { try child.checkOpaqueValues() }
    }

    private func refuse(
        _ expressions: [BoundExpression], in place: String
    ) throws(StarlingError) {
        for expression in expressions { try refuse(expression.type, in: place) }
    }

    private func refuse(_ type: LogicalType, in place: String) throws(StarlingError) {
        guard let opaque = type.opaquePart else { return }
        throw StarlingError(
            .binding,
            "\(place) takes no values of type \(opaque), which have no order and no equality")
    }
}
