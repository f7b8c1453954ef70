// A view that has some of the rows that a query wants, by conditions of its own that do not follow from the
// query's, is completed: the rows of its tables for which these conditions are not true are put beside its own,
// as if the view had them.

import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingTables
import StarlingTypes

/// Are the rows that a view leaves out, in terms of its tables.
struct Gap {
    /// The conditions that leave them out.
    var missing: [BoundExpression] = []
    /// Conditions of the query that hold in all rows of the view.
    var wanted: [BoundExpression] = []
}

extension RewriteCandidate {
    /// A view is completed where with the rows that it leaves out it takes no more than this share of those
    /// that are wanted of the table.
    private static let completedShareMax = 0.5

    /// Finds the one table of a block of which a condition speaks; nil where the rows that it leaves out
    /// cannot be put beside the view's.
    func completedLeaf(_ condition: BoundExpression, _ block: JoinBlock) -> Int? {
        if case .keys = keeping.strategy { return nil }
        guard changes == nil, !isOld, block.attachments.isEmpty, program.following.isEmpty,
            keeping.following.isEmpty, condition.isDeterministic
        else { return nil }
        return block.leaves.firstIndex { leaf in
            Set(leaf.columns.map(\.column.id)).isSuperset(of: condition.referencedColumns)
        }
    }

    /// Tells whether few of the rows that a query wants of a table are left out by a condition.
    func isWorthCompleting(_ wanted: ScanNode, without condition: BoundExpression) -> Bool {
        // The rows of the table are all that there can be, which is known without an estimate.
        let rowCountMax = Double(wanted.table.statistics.rowCount) * Self.completedShareMax
        guard Double(storage.statistics.rowCount) <= rowCountMax else { return false }
        var leftOut = wanted
        leftOut.conjuncts.append(Self.isNotTrue([condition]))
        let others = Optimizer.estimatedRowCount(of: LogicalPlan(.scan(leftOut)))
        let all = Optimizer.estimatedRowCount(of: LogicalPlan(.scan(wanted)))
        return others + Double(storage.statistics.rowCount) <= all * Self.completedShareMax
    }

    /// Returns rows of the view with those that some of its conditions leave out.
    func completed(
        _ rows: LogicalPlan, _ columns: [ScanColumn], _ block: JoinBlock, _ gap: Gap,
        _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        let given = columns.map(\.column)
        let others = try leftOut(of: block, for: columns, gap)
        return .union(
            [rows.projected(to: given), others].map { $0.withFreshColumns(allocator) },
            giving: given)
    }

    private func leftOut(
        of block: JoinBlock, for columns: [ScanColumn], _ gap: Gap
    ) throws(StarlingError) -> LogicalPlan {
        func input(giving columns: [PlanColumn]) -> LogicalPlan {
            let leaves = block.leaves.map { LogicalPlan(.scan($0)) }
            let joined = leaves.dropFirst().reduce(leaves[0]) { left, right in
                LogicalPlan(
                    .join(JoinNode(kind: .inner, left: left, right: right, conditions: [])))
            }
            let conjuncts =
                block.conjuncts.filter { !gap.missing.contains($0) } + gap.wanted
                + [Self.isNotTrue(gap.missing)]
            return LogicalPlan(
                .project(
                    ProjectNode(
                        input: LogicalPlan(
                            .filter(FilterNode(input: joined, conjuncts: conjuncts))),
                        items: columns.map {
                            ProjectItem(column: $0, expression: block.expanded(.column($0)))
                        })))
        }
        guard case .states(let states) = keeping.strategy,
            case .aggregate(let core) = keeping.upper.core.node
        else { return input(giving: columns.map { keeping.stored[$0.position] }) }
        let added = DeltaAlgebra([], keeping.allocator)
            .weighted(input(giving: core.input.outputColumns), 1)
        return try groups(of: added, states, core, columns)
    }

    /// The condition that some others are not all true.
    private static func isNotTrue(_ conditions: [BoundExpression]) -> BoundExpression {
        let parts = conditions.flatMap { condition -> [BoundExpression] in
            let isUnknown = condition.mayBeNull ? [BoundExpression.isNull(condition)] : []
            guard
                case .comparison(let comparison, let operand, .literal(let value, let type)) =
                    condition, !value.isNull, !type.isFloating, let negated = comparison.negated
            else { return [.not(condition)] + isUnknown }
            let negation = BoundExpression.comparison(negated, operand, .literal(value, type))
            return [negation] + (operand.mayBeNull ? [.isNull(operand)] : [])
        }
        return parts.count == 1 ? parts[0] : .or(parts)
    }
}

extension JoinBlock {
    /// A table of the block with the conditions on it alone.
    func wanted(of leaf: ScanNode) -> ScanNode {
        let own = Set(leaf.columns.map(\.column.id))
        var leaf = leaf
        leaf.conjuncts = conjuncts.filter { own.isSuperset(of: $0.referencedColumns) }
        return leaf
    }
}
