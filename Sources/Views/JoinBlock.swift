// A block of a query: tables that are joined by conditions, and columns that are computed of theirs.
// Whatever order and shape the operators had, what remains is which tables, which conjuncts, and what
// each column is in terms of the tables' columns.
//
// Outer, semi and anti joins keep the rows of their left side or leave some of them out, so that inner
// joins and conditions of that side may as well come before: they are attached to the block, in order.

import StarlingPlans
import StarlingStorage
import StarlingTables

/// Is a block without groups.
struct JoinBlock: Sendable {
    /// Is an outer, semi or anti join of the block's rows with those of another block.
    struct Attachment: Sendable {
        let kind: JoinNode.Kind
        let block: JoinBlock
        /// The right side as it was.
        let plan: LogicalPlan
        /// Over the leaves of both blocks.
        let conditions: [BoundExpression]
    }

    private(set) var leaves: [ScanNode] = []
    /// Over columns of the leaves, and of blocks that outer joins attach.
    private(set) var conjuncts: [BoundExpression] = []
    private(set) var attachments: [Attachment] = []
    /// What columns are that the block computes.
    private var definitions: [ColumnID: BoundExpression] = [:]

    /// Takes a plan apart; nil where there is anything but scans, filters, projections and joins.
    init?(_ plan: LogicalPlan) {
        guard add(plan), !leaves.isEmpty else { return nil }
    }

    /// The block over other snapshots of its tables.
    func standing(at tables: [NativeTable]) -> JoinBlock {
        var result = self
        for place in leaves.indices {
            let lineage = leaves[place].table.lineage
            if let table = tables.first(where: { $0.lineage == lineage }) {
                result.leaves[place].table = table
            }
        }
        result.attachments = attachments.map { attachment in
            Attachment(
                kind: attachment.kind, block: attachment.block.standing(at: tables),
                plan: attachment.plan, conditions: attachment.conditions)
        }
        return result
    }

    /// Returns an expression over the block in terms of the columns of its leaves.
    func expanded(_ expression: BoundExpression) -> BoundExpression {
        expression.substituting(definitions)
    }

    private mutating func add(_ plan: LogicalPlan) -> Bool {
        switch plan.node {
        case .scan(let scan):
            guard scan.columns.allSatisfy({ $0.path.isEmpty }) else { return false }
            conjuncts += scan.conjuncts.flatMap(\.conjuncts)
            var leaf = scan
            leaf.conjuncts = []
            leaves.append(leaf)
            return true
        case .filter(let filter):
            guard add(filter.input) else { return false }
            return add(filter.conjuncts)
        case .project(let project):
            guard add(project.input) else { return false }
            for item in project.items {
                guard item.expression.isDeterministic else { return false }
                let definition = expanded(item.expression)
                if definition != .column(item.column) { definitions[item.column.id] = definition }
            }
            return true
        case .join(let join):
            guard !join.isDependent, add(join.left) else { return false }
            switch join.kind {
            case .inner: return add(join.right) && add(join.conditions)
            case .left, .semi, .anti: return attach(join)
            case .full, .nullAwareAnti, .mark, .single: return false
            }
        default: return false
        }
    }

    private mutating func add(_ conditions: [BoundExpression]) -> Bool {
        for condition in conditions.flatMap(\.conjuncts) {
            guard condition.isDeterministic, !condition.containsSubquery else { return false }
            conjuncts.append(expanded(condition))
        }
        return true
    }

    private mutating func attach(_ join: JoinNode) -> Bool {
        guard var right = JoinBlock(join.right) else { return false }
        let inner = definitions.merging(right.definitions) { own, _ in own }
        let conditions = join.conditions.flatMap(\.conjuncts)
        guard conditions.allSatisfy({ $0.isDeterministic && !$0.containsSubquery }) else {
            return false
        }
        if join.kind == .left {
            // What the right side computes is NULL where it has no row.
            guard right.definitions.values.allSatisfy(\.isColumn) else { return false }
            right.makeNullable()
            definitions = inner
        }
        attachments.append(
            Attachment(
                kind: join.kind, block: right, plan: join.right,
                conditions: conditions.map { $0.substituting(inner) }))
        return true
    }

    private mutating func makeNullable() {
        for place in leaves.indices {
            for column in leaves[place].columns.indices {
                leaves[place].columns[column].column.isNullable = true
            }
        }
    }
}

extension BoundExpression {
    fileprivate var isColumn: Bool {
        if case .column = self { true } else { false }
    }
}
