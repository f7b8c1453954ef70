// Orders the joins of a query. Inner joins are commutative and associative; left, semi, anti, mark
// and single joins keep their sides but may come sooner or later (see `JoinGraph`).

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct JoinOrdering: Rule {
    static let name = "join_ordering"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var ordering = JoinOrdering()
        return ordering.order(plan)
    }

    private var estimator = Estimator()

    private mutating func order(_ plan: LogicalPlan) -> LogicalPlan {
        guard case .join(let join) = plan.node else {
            guard case .shared(var shared) = plan.node else {
                return plan.replacingChildren { order($0) }
            }
            // The definition comes first, so that its readers are estimated by it.
            shared.definition = order(shared.definition)
            estimator.learn(shared)
            shared.body = order(shared.body)
            return LogicalPlan(.shared(shared))
        }
        // A value that joins every row changes no order, and many of them would make many orders.
        let isScalar = join.isSingle && join.conditions.isEmpty
        if join.kind == .full || isScalar { return plan.replacingChildren { order($0) } }
        let graph = JoinGraph(join) { leaf in
            var leaf = leaf
            if case .join(let inner) = leaf.node, inner.kind == .full {
                leaf = leaf.replacingChildren { order($0) }
            } else if case .join = leaf.node {
                // Beyond the number of relations that a set holds.
            } else {
                leaf = order(leaf)
            }
            return (leaf, estimator.estimate(leaf))
        }
        var enumerator = JoinEnumerator(graph)
        let entries = enumerator.solve()
        guard entries[graph.all] != nil else { return plan }
        return build(graph.all, graph, entries)
    }

    /// Makes the plan of a set from its best entries.
    private func build(
        _ set: RelationSet, _ graph: JoinGraph, _ entries: [RelationSet: JoinEnumerator.Entry]
    ) -> LogicalPlan {
        guard set.nonzeroBitCount > 1, let entry = entries[set] else {
            return graph.relations[set.trailingZeroBitCount].plan
        }
        let left = build(entry.left, graph, entries)
        let right = build(entry.right, graph, entries)
        let newPredicates = graph.necessary(
            graph.predicates.filter { predicate in
                predicate.relations & ~set == 0 && predicate.relations & ~entry.left != 0
                    && (predicate.relations & ~entry.right != 0
                        || isAttachment(entry.right, graph))
            }, joining: entry.left, entry.right
        ).map(\.condition)
        if isAttachment(entry.right, graph),
            let attachment = graph.relations[entry.right.trailingZeroBitCount].attachment
        {
            let join = JoinNode(
                kind: attachment.kind, left: left, right: right,
                conditions: attachment.conditions,
                buildSide: buildSide(attachment.kind, entry, entries))
            let joined = LogicalPlan(.join(join))
            return newPredicates.isEmpty
                ? joined
                : LogicalPlan(.filter(FilterNode(input: joined, conjuncts: newPredicates)))
        }
        return LogicalPlan(
            .join(JoinNode(kind: .inner, left: left, right: right, conditions: newPredicates)))
    }

    private func isAttachment(_ set: RelationSet, _ graph: JoinGraph) -> Bool {
        set.nonzeroBitCount == 1
            && graph.relations[set.trailingZeroBitCount].attachment != nil
    }

    /// A small preserved side is gathered, and the large other side streams past it.
    private func buildSide(
        _ kind: JoinNode.Kind, _ entry: JoinEnumerator.Entry,
        _ entries: [RelationSet: JoinEnumerator.Entry]
    ) -> JoinNode.Side {
        let left = entries[entry.left]?.rowCount ?? 1
        let right = entries[entry.right]?.rowCount ?? 1
        switch kind {
        case .semi, .anti, .left: return left * 2 < right ? .left : .right
        default: return .right
        }
    }
}
