import StarlingPlans

/// Is a plan whose rows are changes: each has a weight, 1 where it comes and -1 where it goes.
package struct DeltaRows: Sendable {
    /// Gives the columns of the plan that changes, and the weight.
    package var plan: LogicalPlan
    /// TINYINT, never NULL.
    package var weight: PlanColumn
    /// True where no row can go.
    package var onlyGrows: Bool

    package init(plan: LogicalPlan, weight: PlanColumn, onlyGrows: Bool) {
        self.plan = plan
        self.weight = weight
        self.onlyGrows = onlyGrows
    }
}
