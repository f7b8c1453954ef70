// Improves a bound plan, rule by rule. A rule is one file; the order here is the whole strategy.

import StarlingErrors
import StarlingFunctions
import StarlingPlans

/// Runs the rules over plans.
package struct Optimizer: Sendable {
    /// Rules without which a plan cannot run.
    private static let necessary: [any Rule.Type] = [
        SubqueryRemoval.self, Unnesting.self, SeriesScans.self,
    ]

    /// Rules that make it fast.
    private static let improving: [any Rule.Type] = [
        SharedPlanInlining.self,
        RenameElimination.self,
        ConstantFolding.self,
        Simplification.self,
        PeriodConditions.self,
        EmptyInputs.self,
        PredicatePushDown.self,
        ProjectMerging.self,
        SharedPlanFilters.self,
        ScalarSinking.self,
        TransitiveConditions.self,
        Simplification.self,
        EmptyInputs.self,
        PredicatePushDown.self,
        ScalarMerging.self,
        SetOperationJoins.self,
        CommonSubplans.self,
        DocumentPaths.self,
        TextScores.self,
        AntiJoins.self,
        DistinctAggregates.self,
        GroupingSetSteps.self,
        DistinctArguments.self,
        UnusedJoins.self,
        JoinOrdering.self,
        EagerAggregation.self,
        LimitPlacement.self,
        MetadataAggregates.self,
        ColumnPruning.self,
        ProjectMerging.self,
        FieldPruning.self,
        ColumnPruning.self,
    ]

    private let context: PlanningContext
    private let isEnabled: Bool

    /// Makes an optimizer; one that is not enabled does only what execution needs.
    package init(
        allocator: ColumnAllocator, session: SessionValues, memoryByteCount: Int = .max,
        isEnabled: Bool = true
    ) {
        context = PlanningContext(
            allocator: allocator, session: session, memoryByteCount: memoryByteCount)
        self.isEnabled = isEnabled
    }

    /// Returns the plan to run, with estimates and numbers in its nodes.
    package func optimize(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        var plan = LogicalPlan(
            .project(
                ProjectNode(
                    input: plan, items: plan.outputColumns.map(ProjectItem.init(passing:)))))
        for rule in Self.necessary + (isEnabled ? Self.improving : []) {
            plan = try rule.apply(to: plan, context)
        }
        if !isEnabled {
            if hasLargeProduct(plan) { plan = try PredicatePushDown.apply(to: plan, context) }
            plan = try ColumnPruning.apply(to: plan, context)
        }
        var estimator = Estimator()
        plan = estimator.annotate(plan).plan
        var next = 0
        return plan.numbered(from: &next)
    }

    /// Returns the plan as plain operators over tables: without subqueries and shared plans, with
    /// conditions where they belong. Nothing of it depends on what the tables hold.
    package func simplify(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        try settle(try outline(plan))
    }

    /// Returns the plan as plain operators over tables in the order in which it is written.
    package func outline(_ plan: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        try applying(
            [
                SubqueryRemoval.self, Unnesting.self, SharedPlanRepetition.self,
                RenameElimination.self, ConstantFolding.self, Simplification.self,
            ],
            to: LogicalPlan(
                .project(
                    ProjectNode(
                        input: plan, items: plan.outputColumns.map(ProjectItem.init(passing:))))))
    }

    /// Puts the conditions of an outline where they belong, and leaves out what nothing reads.
    package func settle(_ outline: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        try applying(
            [
                PredicatePushDown.self, ProjectMerging.self, AntiJoins.self, ColumnPruning.self,
                ProjectMerging.self,
            ], to: outline)
    }

    private func applying(
        _ rules: [any Rule.Type], to plan: LogicalPlan
    ) throws(StarlingError) -> LogicalPlan {
        var plan = plan
        for rule in rules { plan = try rule.apply(to: plan, context) }
        return plan
    }

    /// Estimates how many rows a plan gives.
    package static func estimatedRowCount(of plan: LogicalPlan) -> Double {
        var estimator = Estimator()
        return estimator.annotate(plan).estimate.rowCount
    }

    /// Tells that tables joined by commas would give more rows than anyone waits for; then even a
    /// plan that is left as it is written needs its conditions in the joins.
    private func hasLargeProduct(_ plan: LogicalPlan) -> Bool {
        var estimator = Estimator()
        var result = false
        estimator.annotate(plan).plan.forEach { node in
            guard case .join(let join) = node.node, join.conditions.isEmpty else { return }
            if node.estimatedRowCount ?? 0 > 5_000_000 { result = true }
        }
        return result
    }
}

extension LogicalPlan {
    /// Numbers the nodes, parents first.
    package func numbered(from next: inout Int) -> LogicalPlan {
        var result = self
        result.number = next
        next += 1
        var number = next
        result = result.replacingChildren { $0.numbered(from: &number) }
        next = number
        return result
    }
}
