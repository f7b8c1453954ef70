// INTERSECT and EXCEPT without duplicates become joins, whose smaller side is gathered and whose
// keys filter the scans of the other one:
//
//     SELECT a FROM s INTERSECT SELECT b FROM r
//       → SELECT DISTINCT a FROM s WHERE EXISTS (SELECT * FROM r WHERE b <=> a)
//
// As operations on sets they would gather the rows of both inputs.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct SetOperationJoins: Rule {
    static let name = "set_operation_joins"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .setOperation(let operation) = node.node, operation.kind != .union,
                !operation.keepsDuplicates, operation.inputs.count == 2,
                operation.columns.allSatisfy({ isKey($0.type) })
            else { return node }
            return join(operation)
        }
    }

    /// Documents, sketches and nested values are compared otherwise in joins than in groups.
    private static func isKey(_ type: LogicalType) -> Bool {
        !type.isNested && !type.isOpaque && type != .json
    }

    private static func join(_ operation: SetOperationNode) -> LogicalPlan {
        let (left, right) = (operation.inputColumns[0], operation.inputColumns[1])
        let conditions = zip(left, right).map { one, other in
            BoundExpression.comparison(
                one.isNullable && other.isNullable ? .nullSafeEqual : .equal, .column(one),
                .column(other))
        }
        let join = JoinNode(
            kind: operation.kind == .intersect ? .semi : .anti, left: operation.inputs[0],
            right: operation.inputs[1], conditions: conditions)
        let keys = zip(operation.columns, left).map {
            ProjectItem(column: $0, expression: .column($1))
        }
        return LogicalPlan(
            .aggregate(
                AggregateNode(input: LogicalPlan(.join(join)), keys: keys, aggregates: [])))
    }
}
