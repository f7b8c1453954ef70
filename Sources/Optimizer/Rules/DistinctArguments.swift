// DISTINCT aggregates of different arguments, whose sets of values memory may not hold, become two
// aggregations, which spill like any other. The first one groups each row once for every list of
// arguments, by means of grouping sets, and the column that tells the sets apart leads each
// aggregate of the second one to its values:
//
//     SELECT k, count(DISTINCT x), sum(DISTINCT y), avg(z) FROM t GROUP BY k
//       → SELECT k, count(x) FILTER (WHERE g = 1), sum(y) FILTER (WHERE g = 2),
//           any_value(a) FILTER (WHERE g = 3)
//         FROM (SELECT k, x, y, grouping_id(x, y) AS g, avg(z) AS a FROM t
//           GROUP BY GROUPING SETS ((k, x), (k, y), (k)))
//         GROUP BY k
//
// Where memory is likely to suffice, execution keeps a set of values for each list, which is faster.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

struct DistinctArguments: Rule {
    static let name = "distinct_arguments"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .aggregate(let aggregate) = node.node,
                let rule = DistinctArguments(aggregate, context), rule.isLarge
            else { return node }
            return try rule.twoSteps()
        }
    }

    /// Is what the values of one or several aggregates are told apart by.
    private struct List: Equatable {
        /// Arguments that are not constant.
        var arguments: [BoundExpression]
        var condition: BoundExpression?

        var expressions: [BoundExpression] { arguments + (condition.map { [$0] } ?? []) }
    }

    private let node: AggregateNode
    private let context: PlanningContext
    private let lists: [List]
    /// The list of each aggregate; nil for those without DISTINCT.
    private let listOfItem: [Int?]

    /// The grouping column has a bit a key.
    private static let keyCountMax = 60

    private init?(_ node: AggregateNode, _ context: PlanningContext) {
        guard node.groupingSets == nil, node.groupingColumn == nil else { return nil }
        var lists: [List] = []
        var listOfItem: [Int?] = []
        for item in node.aggregates {
            guard item.isDistinct else {
                listOfItem.append(nil)
                continue
            }
            let list = List(
                arguments: item.arguments.filter { $0.constantValue == nil },
                condition: item.condition)
            // Rows that differ in what they are ordered by only would have to be told apart.
            guard list.expressions.allSatisfy({ $0.type != .null }), !list.arguments.isEmpty,
                item.ordering.allSatisfy({ list.arguments.contains($0.expression) })
            else { return nil }
            let number = lists.firstIndex(of: list) ?? lists.count
            if number == lists.count { lists.append(list) }
            listOfItem.append(number)
        }
        let expressionCount = lists.reduce(0) { $0 + $1.expressions.count }
        guard !lists.isEmpty, node.keys.count + expressionCount <= Self.keyCountMax else {
            return nil
        }
        self.node = node
        self.context = context
        self.lists = lists
        self.listOfItem = listOfItem
    }

    /// Tells whether all values, if none came twice, would take more than a good part of memory.
    private var isLarge: Bool {
        var estimator = Estimator()
        let rowCount = estimator.annotate(node.input).plan.estimatedRowCount ?? 0
        var byteCount = 0.0
        for list in lists {
            // A group has a head, and an entry in a table.
            byteCount += rowCount * Double(32 + 12 * (node.keys.count + list.arguments.count))
        }
        return byteCount > Double(context.memoryByteCount) / 4
    }

    private func twoSteps() throws(StarlingError) -> LogicalPlan {
        let allocator = context.allocator
        var keys = node.keys.map {
            ProjectItem(column: allocator.makeCopy(of: $0.column), expression: $0.expression)
        }
        let ownKeyCount = keys.count
        var columns: [BoundExpression: PlanColumn] = [:]
        for expression in lists.flatMap(\.expressions) where columns[expression] == nil {
            let column = allocator.makeColumn("value", expression.type)
            columns[expression] = column
            keys.append(ProjectItem(column: column, expression: expression))
        }
        let (sets, setOfList) = groupingSets(of: keys, ownKeyCount)
        let set = allocator.makeColumn("grouping set", .bigint)
        var inner = AggregateNode(
            input: node.input, keys: keys, groupingSets: sets, groupingColumn: set,
            aggregates: [])
        var outer = node
        outer.keys = zip(node.keys, keys).map {
            ProjectItem(column: $0.column, expression: .column($1.column))
        }
        var results = node.aggregates.map { ProjectItem(passing: $0.column) }
        for (position, item) in node.aggregates.enumerated() {
            let number = listOfItem[position].map { setOfList[$0] } ?? sets.count - 1
            let isInSet = BoundExpression.comparison(
                .equal, .column(set), .literal(bitmap(of: sets[number], keys.count), .bigint))
            var whole = item
            if listOfItem[position] != nil {
                whole.isDistinct = false
                whole.arguments = item.arguments.map { $0.replaced(by: columns) }
                whole.ordering = item.ordering.map { key in
                    var key = key
                    key.expression = key.expression.replaced(by: columns)
                    return key
                }
                let condition = item.condition.map { [$0.replaced(by: columns)] } ?? []
                whole.condition = condition.isEmpty ? isInSet : .and([isInSet] + condition)
            } else {
                var part = item
                part.column = allocator.makeCopy(of: item.column)
                inner.aggregates.append(part)
                whole = try picked(item, part.column)
                whole.condition = isInSet
                // Without any row there is no group to pick from.
                if let result = item.function.resultOverNoRows {
                    let missing = BoundExpression.isNull(.column(whole.column))
                    results[position].expression = .conditional(
                        [
                            ConditionalBranch(
                                condition: missing, result: .literal(result, item.column.type))
                        ], otherwise: .column(whole.column), item.column.type)
                }
            }
            outer.aggregates[position] = whole
        }
        outer.input = LogicalPlan(.aggregate(inner))
        return LogicalPlan(
            .project(
                ProjectNode(
                    input: LogicalPlan(.aggregate(outer)),
                    items: outer.keys.map { ProjectItem(passing: $0.column) } + results)))
    }

    /// The set of each list, and behind those the set of the own keys where aggregates without
    /// DISTINCT need it. Lists of the same expressions, in whatever order and role, share a set.
    private func groupingSets(
        of keys: [ProjectItem], _ ownKeyCount: Int
    ) -> (sets: [[Int]], setOfList: [Int]) {
        let ownKeys = Array(0..<ownKeyCount)
        var sets: [[Int]] = []
        let setOfList = lists.map { list in
            let set =
                ownKeys
                + (ownKeyCount..<keys.count).filter {
                    list.expressions.contains(keys[$0].expression)
                }
            if let known = sets.firstIndex(of: set) { return known }
            sets.append(set)
            return sets.count - 1
        }
        if listOfItem.contains(nil) { sets.append(ownKeys) }
        return (sets, setOfList)
    }

    /// What the grouping column has for a set.
    private func bitmap(of set: [Int], _ keyCount: Int) -> Value {
        var bitmap: Int128 = 0
        for key in 0..<keyCount where !set.contains(key) { bitmap |= 1 << (keyCount - 1 - key) }
        return .integer(bitmap)
    }

    /// Takes over the one result that a group has in its set.
    private func picked(
        _ item: AggregateItem, _ part: PlanColumn
    ) throws(StarlingError) -> AggregateItem {
        guard let function = FunctionRegistry.builtin.aggregate("any_value") else {
            throw StarlingError(.internal, "there is no aggregate any_value")
        }
        var column = item.column
        if item.function.resultOverNoRows != nil {
            column = context.allocator.makeColumn("picked", item.column.type)
        }
        let signature = try function.resolve(
            ArgumentList(types: [part.type], constants: [nil]))
        return AggregateItem(
            column: column, function: function, signature: signature, arguments: [.column(part)])
    }
}

extension BoundExpression {
    /// The column that stands for the whole expression, if there is one.
    fileprivate func replaced(by columns: [BoundExpression: PlanColumn]) -> BoundExpression {
        columns[self].map { .column($0) } ?? self
    }
}
