// A block of a query: tables that are joined by conditions, and columns that are computed of theirs.
// Whatever order and shape the operators had, what remains is which tables, which conjuncts, and what
// each column is in terms of the tables' columns.

import StarlingPlans

/// Is a block without groups.
struct JoinBlock {
    private(set) var leaves: [ScanNode] = []
    /// Over columns of the leaves alone.
    private(set) var conjuncts: [BoundExpression] = []
    /// What columns are that the block computes.
    private var definitions: [ColumnID: BoundExpression] = [:]

    /// Takes a plan apart; nil where there is anything but scans, filters, projections and inner joins.
    init?(_ plan: LogicalPlan) {
        guard add(plan), !leaves.isEmpty else { return nil }
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
            guard join.kind == .inner, !join.isDependent, add(join.left), add(join.right) else {
                return false
            }
            return add(join.conditions)
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
}
