// What all readers of a common table expression ask of its rows is asked while it is computed:
//
//     WITH t AS (…) SELECT … FROM t AS a, t AS b WHERE a.y = 2001 AND b.y = 2002 AND …
//       → WITH t AS (… HAVING y = 2001 OR y = 2002) …
//
// The readers keep their conditions. What the disjunction implies for a single column is found by
// `Simplification` and sinks further.

import StarlingErrors
import StarlingPlans

struct SharedPlanFilters: Rule {
    static let name = "shared_plan_filters"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .shared(var shared) = node.node else { return node }
            var readers = Readers(id: shared.id)
            readers.collect(from: shared.body)
            guard let condition = readers.condition else { return node }
            shared.definition = LogicalPlan(
                .filter(FilterNode(input: shared.definition, conjuncts: [condition])))
            return LogicalPlan(.shared(shared))
        }
    }
}

/// Gathers what the readers of a shared plan ask of its rows.
private struct Readers {
    let id: SharedPlanID
    /// A condition a reader, in terms of the definition's columns.
    private var conditions: [BoundExpression] = []
    private var needsAllRows = false

    init(id: SharedPlanID) { self.id = id }

    mutating func collect(from plan: LogicalPlan) {
        switch plan.node {
        case .filter(let filter):
            guard case .sharedScan(let scan) = filter.input.node, scan.id == id else { break }
            add(filter.conjuncts.flatMap(\.conjuncts), scan)
            return
        case .sharedScan(let scan) where scan.id == id: needsAllRows = true
        default: break
        }
        for child in plan.children { collect(from: child) }
    }

    private mutating func add(_ conjuncts: [BoundExpression], _ scan: SharedScanNode) {
        let sources = Dictionary(
            uniqueKeysWithValues: zip(
                scan.columns.map(\.id), scan.sourceColumns.map(BoundExpression.column)))
        let known = Set(sources.keys)
        let usable = conjuncts.filter {
            $0.isDeterministic && !$0.containsSubquery && $0.referencedColumns.isSubset(of: known)
        }
        if usable.isEmpty {
            needsAllRows = true
            return
        }
        let condition = BoundExpression.conjunction(usable.map { $0.substituting(sources) })
        if !conditions.contains(condition) { conditions.append(condition) }
    }

    /// What some reader asks; nil where one of them wants every row.
    var condition: BoundExpression? {
        if needsAllRows || conditions.isEmpty { return nil }
        return conditions.count == 1 ? conditions[0] : .or(conditions)
    }
}
