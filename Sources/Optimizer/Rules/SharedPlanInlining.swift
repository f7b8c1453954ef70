// A common table expression that is read once, or costs next to nothing, becomes part of the plan
// that reads it, where conditions can sink into it. One that is read more often is computed once.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct SharedPlanInlining: Rule {
    static let name = "shared_plan_inlining"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try inlined(plan, context.allocator)
    }

    /// Inlines what is read once, or costs next to nothing.
    static func inlined(
        _ plan: LogicalPlan, _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        try SharedPlanInlining(allocator: allocator).inline(plan)
    }

    fileprivate let allocator: ColumnAllocator
    /// Computes everything again for each of its readers.
    fileprivate var repeatsAll = false

    /// Goes bottom-up, so that definitions have taken in what they read themselves.
    fileprivate func inline(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        let plan = try plan.mapChildren { (child) throws(StarlingError) in try inline(child) }
        guard case .shared(let node) = plan.node else { return plan }
        let readers = countReaders(of: node.id, in: node.body)
        if readers == 0 { return node.body }
        guard readers == 1 || repeatsAll || isCheap(node.definition) else { return plan }
        return replaceScans(of: node.id, in: node.body, by: node.definition)
    }

    private func countReaders(of id: SharedPlanID, in plan: LogicalPlan) -> Int {
        var count = 0
        plan.forEach { part in
            if case .sharedScan(let scan) = part.node, scan.id == id { count += 1 }
        }
        return count
    }

    /// Scans with projections and filters are read again rather than stored.
    private func isCheap(_ plan: LogicalPlan) -> Bool {
        switch plan.node {
        case .values: true
        case .scan(let node): node.conjuncts.isEmpty
        case .project(let node):
            isCheap(node.input) && node.items.allSatisfy { $0.expression.isDeterministic }
        default: false
        }
    }

    private func replaceScans(
        of id: SharedPlanID, in plan: LogicalPlan, by definition: LogicalPlan
    ) -> LogicalPlan {
        guard case .sharedScan(let scan) = plan.node, scan.id == id else {
            return plan.replacingChildren { replaceScans(of: id, in: $0, by: definition) }
        }
        let copy = definition.withFreshColumns(allocator)
        // The copy's columns stand where the definition's did.
        let positions = Dictionary(
            definition.outputColumns.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first })
        let outputs = copy.outputColumns
        let items = zip(scan.columns, scan.sourceColumns).map { column, source in
            ProjectItem(column: column, expression: .column(outputs[positions[source.id]!]))
        }
        return LogicalPlan(.project(ProjectNode(input: copy, items: items)))
    }
}

/// Lets no plan be shared: each reader of a common table expression gets a plan of its own.
struct SharedPlanRepetition: Rule {
    static let name = "shared_plan_repetition"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try SharedPlanInlining(allocator: context.allocator, repeatsAll: true).inline(plan)
    }
}
