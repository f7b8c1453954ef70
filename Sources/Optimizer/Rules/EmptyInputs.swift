// What can give no row is not run: clients that want to know the columns of a query ask for its rows
// WHERE 1 = 0, or for none by LIMIT 0.

import StarlingErrors
import StarlingPlans

struct EmptyInputs: Rule {
    static let name = "empty_inputs"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard node.isNeverGivingRows else { return node }
            return LogicalPlan(.values(ValuesNode(columns: node.outputColumns, rows: [])))
        }
    }
}

extension LogicalPlan {
    fileprivate var isEmpty: Bool {
        if case .values(let values) = node { values.rowCount == 0 } else { false }
    }

    /// True where the inputs, of which those without rows are known, let no row through.
    fileprivate var isNeverGivingRows: Bool {
        switch node {
        case .scan(let node): node.conjuncts.contains(where: \.isNever)
        case .filter(let node): node.input.isEmpty || node.conjuncts.contains(where: \.isNever)
        case .project(let node): node.input.isEmpty
        case .sort(let node): node.input.isEmpty || node.limit == 0
        case .window(let node): node.input.isEmpty
        case .limit(let node): node.input.isEmpty || node.limit == 0
        case .aggregate(let node):
            node.input.isEmpty && !node.keys.isEmpty && node.groupingSets == nil
        case .join(let node): node.isNeverGivingRows
        case .setOperation(let node):
            switch node.kind {
            case .union: node.inputs.allSatisfy(\.isEmpty)
            case .intersect: node.inputs.contains(where: \.isEmpty)
            case .except: node.inputs[0].isEmpty
            }
        case .shared(let node): node.body.isEmpty
        case .values, .unnest, .sharedScan, .recursion: false
        }
    }
}

extension JoinNode {
    fileprivate var isNeverGivingRows: Bool {
        let neverMatches = right.isEmpty || conditions.contains(where: \.isNever)
        return switch kind {
        case .inner, .semi: left.isEmpty || neverMatches
        case .left, .single, .anti, .nullAwareAnti, .mark: left.isEmpty
        case .full: left.isEmpty && right.isEmpty
        }
    }
}

extension BoundExpression {
    /// True for a condition that no row satisfies.
    fileprivate var isNever: Bool {
        guard case .literal(let value, _) = self else { return false }
        return value.isNull || value == .boolean(false)
    }
}
