// Rows are grouped before they are joined with what only describes their groups (Yan and Larson,
// "Eager Aggregation and Lazy Aggregation", VLDB 1995):
//
//     SELECT c.name, sum(s.price) FROM s JOIN c ON s.customer = c.id GROUP BY c.name
//       → SELECT c.name, sum(g.price) FROM (
//             SELECT customer, sum(price) AS price FROM s GROUP BY customer) AS g
//         JOIN c ON g.customer = c.id GROUP BY c.name
//
// All rows of an early group have the same partners, whatever the conditions compare. Where texts
// group, most rows are spared from hashing and comparing them.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct EagerAggregation: Rule {
    static let name = "eager_aggregation"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var rule = EagerAggregation(allocator: context.allocator)
        return try rule.rewrite(plan)
    }

    /// Fewer rows than these are grouped in no time.
    private static let rowCountMin = 20_000.0
    /// The share of the present cost that early groups may have.
    private static let costShareMax = 0.85

    private let allocator: ColumnAllocator
    private var estimator = Estimator()

    private init(allocator: ColumnAllocator) { self.allocator = allocator }

    private mutating func rewrite(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        if case .shared(var shared) = plan.node {
            shared.definition = try rewrite(shared.definition)
            estimator.learn(shared)
            shared.body = try rewrite(shared.body)
            return LogicalPlan(.shared(shared))
        }
        var children: [LogicalPlan] = []
        for child in plan.children { children.append(try rewrite(child)) }
        var next = children.makeIterator()
        let plan = plan.replacingChildren { next.next() ?? $0 }
        guard case .aggregate(let aggregate) = plan.node, aggregate.groupingSets == nil,
            case .join(let join) = aggregate.input.node, join.kind == .inner, !join.isDependent,
            aggregate.aggregates.allSatisfy(PartialAggregate.isPossible)
        else { return plan }
        for side in [JoinNode.Side.left, .right] {
            let split = EarlyGroups(aggregate, join, side)
            if split.isPossible, pays(split) { return try split.plan(allocator) }
        }
        return plan
    }

    /// Compares the values that are hashed with and without early groups.
    private mutating func pays(_ split: EarlyGroups) -> Bool {
        let rows = estimator.estimate(split.rows)
        let joined = estimator.estimate(split.aggregate.input).rowCount
        // Joins that drop rows are better asked first.
        guard rows.rowCount >= Self.rowCountMin, joined >= rows.rowCount / 2 else { return false }
        let groups = rows.distinctCount(of: split.earlyKeys)
        let now = joined * cost(split.aggregate.keys.map(\.expression))
        let then =
            rows.rowCount * cost(split.earlyKeys)
            + joined / rows.rowCount * groups * cost(split.aggregate.keys.map(\.expression))
        return then <= now * Self.costShareMax
    }

    private func cost(_ keys: [BoundExpression]) -> Double {
        keys.reduce(0) { $0 + (isWide($1) ? 3 : 1) }
    }
}

/// Tells whether a key's values are compared byte by byte.
private func isWide(_ key: BoundExpression) -> Bool {
    switch key.type.widestPhysicalType {
    case .string, .list, .structure: true
    default: false
    }
}

/// Is an aggregate over a join of which one side's rows can be grouped first.
private struct EarlyGroups {
    let aggregate: AggregateNode
    let join: JoinNode
    let side: JoinNode.Side
    /// The rows that are grouped.
    let rows: LogicalPlan
    /// Positions of the keys that the rows have by themselves.
    let ownKeys: [Int]
    /// What the join's conditions read of the rows.
    let joinColumns: [PlanColumn]

    init(_ aggregate: AggregateNode, _ join: JoinNode, _ side: JoinNode.Side) {
        self.aggregate = aggregate
        self.join = join
        self.side = side
        rows = side == .left ? join.left : join.right
        let own = rows.outputColumnIDs
        ownKeys = aggregate.keys.indices.filter {
            aggregate.keys[$0].expression.referencedColumns.isSubset(of: own)
        }
        var read: Set<ColumnID> = []
        for condition in join.conditions { condition.collectColumns(into: &read) }
        joinColumns = rows.outputColumns.filter { read.contains($0.id) }
    }

    var earlyKeys: [BoundExpression] {
        joinColumns.map { .column($0) } + ownKeys.map { aggregate.keys[$0].expression }
    }

    /// Tells whether each aggregate reads the rows alone, and wide keys only the other side.
    var isPossible: Bool {
        let own = rows.outputColumnIDs
        let others = aggregate.keys.indices.filter { !ownKeys.contains($0) }.map {
            aggregate.keys[$0].expression
        }
        let read =
            aggregate.aggregates.flatMap(\.arguments)
            + aggregate.aggregates.compactMap(\.condition)
        let all = read + aggregate.keys.map(\.expression) + join.conditions
        // A group without keys would be there even over no rows.
        return !earlyKeys.isEmpty && others.contains(where: isWide)
            && others.allSatisfy { $0.referencedColumns.isDisjoint(with: own) }
            && read.allSatisfy { $0.referencedColumns.isSubset(of: own) }
            && all.allSatisfy { $0.isDeterministic && !$0.containsSubquery }
    }

    func plan(_ allocator: ColumnAllocator) throws(StarlingError) -> LogicalPlan {
        let aggregates = try mapAll(aggregate.aggregates) { (item) throws(StarlingError) in
            try PartialAggregate(item, allocator)
        }
        let joinKeys = joinColumns.map {
            ProjectItem(column: allocator.makeCopy(of: $0), expression: .column($0))
        }
        let groupKeys = ownKeys.map {
            ProjectItem(
                column: allocator.makeCopy(of: aggregate.keys[$0].column),
                expression: aggregate.keys[$0].expression)
        }
        let groups = LogicalPlan(
            .aggregate(
                AggregateNode(
                    input: rows, keys: joinKeys + groupKeys,
                    aggregates: aggregates.flatMap(\.parts))))
        var keys = aggregate.keys
        for (place, key) in zip(ownKeys, groupKeys) { keys[place].expression = .column(key.column) }
        let wholes = try mapAll(aggregates) { (aggregate) throws(StarlingError) in
            try aggregate.wholes(of: aggregate.parts.map(\.column), allocator)
        }
        let whole = AggregateNode(
            input: joined(groups, joinKeys), keys: keys, aggregates: wholes.flatMap { $0 })
        var items = keys.map { ProjectItem(passing: $0.column) }
        for (place, item) in aggregate.aggregates.enumerated() {
            items.append(
                ProjectItem(
                    column: item.column,
                    expression: try aggregates[place].result(of: wholes[place].map(\.column))))
        }
        return LogicalPlan(
            .project(ProjectNode(input: LogicalPlan(.aggregate(whole)), items: items)))
    }

    /// Joins groups in the place of rows.
    private func joined(_ groups: LogicalPlan, _ keys: [ProjectItem]) -> LogicalPlan {
        var join = join
        if side == .left { join.left = groups } else { join.right = groups }
        let renamed = Dictionary(
            uniqueKeysWithValues: zip(joinColumns, keys).map {
                ($0.id, BoundExpression.column($1.column))
            })
        join.conditions = join.conditions.map { $0.substituting(renamed) }
        return LogicalPlan(.join(join))
    }
}
