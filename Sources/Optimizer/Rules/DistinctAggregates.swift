// DISTINCT aggregates of one argument become two aggregations, which spill like any other:
//
//     SELECT k, count(DISTINCT x), sum(y) FROM t GROUP BY k
//       → SELECT k, count(x), sum(s) FROM (SELECT k, x, sum(y) AS s FROM t GROUP BY k, x) GROUP BY k
//
// Several different arguments are the matter of `DistinctArguments`.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

struct DistinctAggregates: Rule {
    static let name = "distinct_aggregates"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .aggregate(let aggregate) = node.node,
                let rule = DistinctAggregates(aggregate, context)
            else { return node }
            return try rule.twoSteps()
        }
    }

    private let node: AggregateNode
    private let context: PlanningContext
    /// The argument of all DISTINCT aggregates.
    private let argument: BoundExpression

    private init?(_ node: AggregateNode, _ context: PlanningContext) {
        guard node.groupingSets == nil, node.groupingColumn == nil,
            let argument = node.aggregates.first(where: \.isDistinct)?.arguments.first,
            argument.type != .null
        else { return nil }
        for item in node.aggregates {
            guard item.ordering.isEmpty else { return nil }
            if item.isDistinct {
                guard item.arguments == [argument], item.condition == nil else { return nil }
            } else if !PartialAggregate.isPossible(item) {
                return nil
            }
        }
        self.node = node
        self.context = context
        self.argument = argument
    }

    private func twoSteps() throws(StarlingError) -> LogicalPlan {
        let allocator = context.allocator
        let innerKeys = node.keys.map {
            ProjectItem(column: allocator.makeCopy(of: $0.column), expression: $0.expression)
        }
        let value = allocator.makeColumn(
            "value", argument.type, isNullable: argument.mayBeNull)
        var inner = AggregateNode(
            input: node.input,
            keys: innerKeys + [ProjectItem(column: value, expression: argument)], aggregates: [])
        var outer = node
        outer.keys = zip(node.keys, innerKeys).map {
            ProjectItem(column: $0.column, expression: .column($1.column))
        }
        outer.aggregates = []
        var results: [ProjectItem] = []
        for item in node.aggregates {
            if item.isDistinct {
                var whole = item
                whole.isDistinct = false
                whole.arguments = [.column(value)]
                outer.aggregates.append(whole)
                results.append(ProjectItem(passing: item.column))
                continue
            }
            let steps = try PartialAggregate(item, allocator)
            inner.aggregates += steps.parts
            let wholes = try steps.wholes(of: steps.parts.map(\.column), allocator)
            outer.aggregates += wholes
            results.append(
                ProjectItem(
                    column: item.column, expression: try steps.result(of: wholes.map(\.column))))
        }
        outer.input = LogicalPlan(.aggregate(inner))
        let project = ProjectNode(
            input: LogicalPlan(.aggregate(outer)),
            items: outer.keys.map { ProjectItem(passing: $0.column) } + results)
        return LogicalPlan(.project(project))
    }
}
