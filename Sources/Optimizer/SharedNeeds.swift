import StarlingPlans

/// Holds the columns of each shared plan that some scan reads.
struct SharedNeeds {
    private var columns: [SharedPlanID: Set<ColumnID>] = [:]

    init(of plan: LogicalPlan) {
        var columns: [SharedPlanID: Set<ColumnID>] = [:]
        plan.forEach { plan in
            guard case .sharedScan(let scan) = plan.node else { return }
            columns[scan.id, default: []].formUnion(scan.sourceColumns.map(\.id))
        }
        self.columns = columns
    }

    subscript(id: SharedPlanID) -> Set<ColumnID> { columns[id] ?? [] }
}
