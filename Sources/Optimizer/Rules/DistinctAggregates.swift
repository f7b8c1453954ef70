// DISTINCT aggregates of one argument become two aggregations, which spill like any other:
//
//     SELECT k, count(DISTINCT x), sum(y) FROM t GROUP BY k
//       → SELECT k, count(x), sum(s) FROM (SELECT k, x, sum(y) AS s FROM t GROUP BY k, x) GROUP BY k
//
// Several different arguments stay as they are: execution keeps a set of values for each.

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
            } else if Self.combining[item.function.name] == nil {
                return nil
            }
        }
        self.node = node
        self.context = context
        self.argument = argument
    }

    /// What puts the results of parts together to that of the whole, by the aggregate's name.
    private static let combining = ["count": "sum", "sum": "sum", "min": "min", "max": "max"]

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
        var results = node.aggregates.map { ProjectItem(passing: $0.column) }
        for (position, item) in node.aggregates.enumerated() {
            if item.isDistinct {
                outer.aggregates[position].isDistinct = false
                outer.aggregates[position].arguments = [.column(value)]
                continue
            }
            var part = item
            part.column = allocator.makeCopy(of: item.column)
            inner.aggregates.append(part)
            let whole = try combined(item, part.column)
            outer.aggregates[position] = whole
            // Without any row there is no part to add up; a count is 0 then.
            if item.function.name == "count" {
                results[position].expression = .conditional(
                    [ConditionalBranch(condition: .isNull(.column(whole.column)), result: zero)],
                    otherwise: .column(whole.column), item.column.type)
            }
        }
        outer.input = LogicalPlan(.aggregate(inner))
        let project = ProjectNode(
            input: LogicalPlan(.aggregate(outer)),
            items: outer.keys.map { ProjectItem(passing: $0.column) } + results)
        return LogicalPlan(.project(project))
    }

    private var zero: BoundExpression { .literal(.integer(0), .bigint) }

    private func combined(
        _ item: AggregateItem, _ part: PlanColumn
    ) throws(StarlingError) -> AggregateItem {
        let name = Self.combining[item.function.name]!
        guard let function = FunctionRegistry.builtin.aggregate(name) else {
            throw StarlingError(.internal, "there is no aggregate \(name)")
        }
        var result = item
        result.function = function
        result.condition = nil
        result.signature = try function.resolve(
            ArgumentList(types: [part.type], constants: [nil]))
        result.arguments = [.column(part)]
        if item.function.name == "count" {
            result.column = context.allocator.makeColumn("count", result.signature.resultType)
        }
        return result
    }
}
