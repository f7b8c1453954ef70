// Rows without a partner, asked for with an outer join, become an anti join:
//
//     SELECT s.* FROM s LEFT JOIN r ON r.k = s.k WHERE r.k IS NULL
//       → SELECT s.* FROM s WHERE NOT EXISTS (SELECT * FROM r WHERE r.k = s.k)
//
// It holds where the column is never NULL in a pair that matches, and nothing else reads the right
// side.

import StarlingErrors
import StarlingPlans

struct AntiJoins: Rule {
    static let name = "anti_joins"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var uses = ColumnUses()
        uses.count(plan)
        return try plan.rewritten { (node) throws(StarlingError) in
            guard case .filter(let filter) = node.node, case .join(let join) = filter.input.node,
                join.kind == .left
            else { return node }
            return AntiJoins(filter: filter, join: join, uses: uses).rewritten ?? node
        }
    }

    private let filter: FilterNode
    private let join: JoinNode
    /// Where the columns of the whole plan are read.
    private let uses: ColumnUses

    private var rewritten: LogicalPlan? {
        let right = join.right.outputColumnIDs
        let (tests, others) = filter.conjuncts.flatMap(\.conjuncts).partitioned { conjunct in
            guard case .isNull(.column(let column)) = conjunct else { return false }
            return right.contains(column.id) && isNeverNullInMatches(column)
        }
        guard !tests.isEmpty else { return nil }
        var own = ColumnUses()
        own.count(join.right)
        for expression in tests + join.conditions { own.count(expression) }
        guard right.allSatisfy({ own.counts[$0] == uses.counts[$0] }) else { return nil }
        var anti = join
        anti.kind = .anti
        let result = LogicalPlan(.join(anti))
        return others.isEmpty
            ? result : LogicalPlan(.filter(FilterNode(input: result, conjuncts: others)))
    }

    private func isNeverNullInMatches(_ column: PlanColumn) -> Bool {
        if join.right.neverGivesNull(column.id) { return true }
        return join.conditions.flatMap(\.conjuncts).contains { condition in
            guard case .comparison(let comparison, let first, let second) = condition,
                comparison != .nullSafeEqual
            else { return false }
            return first == .column(column) || second == .column(column)
        }
    }
}

/// Counts where columns are read.
private struct ColumnUses {
    private(set) var counts: [ColumnID: Int] = [:]

    mutating func count(_ plan: LogicalPlan) {
        plan.forEach { node in
            for expression in node.expressions { count(expression) }
            switch node.node {
            case .setOperation(let operation):
                for column in operation.inputColumns.joined() { counts[column.id, default: 0] += 1 }
            case .sharedScan(let scan):
                for column in scan.sourceColumns { counts[column.id, default: 0] += 1 }
            case .recursion(let recursion):
                for column in recursion.anchorColumns + recursion.stepColumns {
                    counts[column.id, default: 0] += 1
                }
            default: break
            }
        }
    }

    mutating func count(_ expression: BoundExpression) {
        for column in expression.referencedColumns { counts[column, default: 0] += 1 }
    }
}
