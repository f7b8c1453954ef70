// Reads groups from a view that keeps results of its groups and no states: as they are, where the query
// has the same groups, and put together where an aggregate is the union of what it gave for
// parts.

import StarlingErrors
import StarlingPlans

/// Computes the aggregates of a query of the results of a view.
struct ResultMatch {
    /// What gives the same of the results of parts as of all their rows.
    private static let unions = [
        "max": "max", "min": "min", "bitmap_union": "bitmap_union", "bitmap_agg": "bitmap_union",
        "hll_union": "hll_union", "hll_raw_agg": "hll_union",
        "percentile_union": "percentile_union",
    ]

    private var match: BlockMatch
    private let core: AggregateNode
    private let viewBlock: JoinBlock
    private let view: RewriteCandidate
    private let allocator: ColumnAllocator

    init(
        _ match: BlockMatch, _ core: AggregateNode, _ viewBlock: JoinBlock,
        _ view: RewriteCandidate, _ allocator: ColumnAllocator
    ) throws(MatchFailure) {
        guard !view.program.upper.hasFilters else {
            throw MatchFailure(
                reason: "its HAVING leaves out groups, and it keeps no others", progress: 4)
        }
        guard view.changes == nil else {
            throw MatchFailure(
                reason:
                    "it keeps no states of its groups, to which what has changed since its last "
                    + "refresh could be added", progress: 4)
        }
        self.match = match
        self.core = core
        self.viewBlock = viewBlock
        self.view = view
        self.allocator = allocator
    }

    mutating func plan(of aggregate: AggregateNode) throws(MatchFailure) -> LogicalPlan {
        let keys = try match.keys(of: aggregate)
        guard hasSameGroups(as: aggregate) else { return try united(aggregate, keys) }
        var items = keys
        for item in aggregate.aggregates {
            items.append(
                ProjectItem(column: item.column, expression: .column(try result(of: item))))
        }
        return LogicalPlan(.project(ProjectNode(input: try match.rows(), items: items)))
    }

    /// Tells whether each group of the query is one of the view's.
    private func hasSameGroups(as aggregate: AggregateNode) -> Bool {
        let wanted = Set(aggregate.keys.map { TimeCut(match.canonical($0.expression)) })
        return match.isWhole
            && core.keys.allSatisfy {
                wanted.contains(TimeCut(match.canonical(ofView: viewBlock.expanded($0.expression))))
            }
    }

    /// Puts the results of several groups together.
    private mutating func united(
        _ aggregate: AggregateNode, _ keys: [ProjectItem]
    ) throws(MatchFailure) -> LogicalPlan {
        var items: [AggregateItem] = []
        for item in aggregate.aggregates {
            let column = try result(of: item)
            guard let name = Self.unions[item.function.name] else {
                throw MatchFailure(
                    reason:
                        "it keeps the results of \(item.function.name)() and no states of it, of "
                        + "which those of other groups could be computed", progress: 5)
            }
            guard
                var union = try? Arithmetic.aggregate(
                    name, [.column(column)], where: nil, allocator),
                union.column.type == item.column.type
            else { throw match.lacks(item) }
            union.column = item.column
            items.append(union)
        }
        return LogicalPlan(
            .aggregate(AggregateNode(input: try match.rows(), keys: keys, aggregates: items)))
    }

    /// Finds the column that has the results of an aggregate.
    private mutating func result(of item: AggregateItem) throws(MatchFailure) -> PlanColumn {
        let arguments = item.arguments.map { match.canonical($0) }
        let condition = item.condition.map { match.canonical($0) }
        let program = view.program
        for known in core.aggregates
        where known.function.name == item.function.name && known.isDistinct == item.isDistinct
            && known.column.type == item.column.type && known.ordering.isEmpty
            && item.ordering.isEmpty
        {
            let place = program.columns.firstIndex {
                program.upper.origin(of: $0) == known.column
            }
            let own = known.arguments.map { match.canonical(ofView: viewBlock.expanded($0)) }
            let filter = known.condition.map { match.canonical(ofView: viewBlock.expanded($0)) }
            if let place, own == arguments, filter == condition { return match.stored(place) }
        }
        throw match.lacks(item)
    }
}
