// What changes in the result of a plan when tables change that it reads (Budiu et al., "DBSP: Automatic
// Incremental View Maintenance for Rich Query Languages", VLDB 2023). A change is a row with a weight, 1
// or -1; a plan of ordinary operators gives the changes of a result:
//
// 1. A scan's changes are those of its table. Filters, projections and UNNEST pass weights on; those
//    of UNION ALL are the changes of all inputs.
// 2. An inner join of A and B, which become A' and B', changes by ΔA ⋈ B and A' ⋈ ΔB. Joins of more
//    tables follow, a term for each table that changed, and self-joins are nothing special.
// 3. Other joins do the same on their left side, whose rows don't touch each other. A change of the
//    right side affects the left rows with its key: they are joined before and after (`+Joins`).
// 4. Groups, partitions of windows and sets are affected by the changes with their keys, and computed
//    before and after for those keys alone (`+Groups`).
//
// Both states of a table are snapshots, so nothing has to be kept besides. What is computed before and
// after must give the same rows each time it is computed; `MaintenanceCheck` sees to that.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

/// Makes plans for the changes of plans.
package struct DeltaAlgebra {
    /// Names one of the two states of all tables.
    package enum Moment: Sendable {
        case earlier
        case later
    }

    let allocator: ColumnAllocator
    /// The tables that a view reads, by what their snapshots have in common.
    private let bases: [TableLineage: BaseChange]
    let flaw: SeededFlaw?

    package init(
        _ bases: [BaseChange], _ allocator: ColumnAllocator, flaw: SeededFlaw? = nil
    ) {
        self.flaw = flaw
        self.bases = Dictionary(
            bases.map { ($0.lineage, $0) }, uniquingKeysWith: { first, _ in first })
        self.allocator = allocator
    }

    /// Returns the plan over one state of the tables.
    package func plan(_ plan: LogicalPlan, _ moment: Moment) -> LogicalPlan {
        guard case .scan(var scan) = plan.node else {
            return plan.replacingChildren { self.plan($0, moment) }
        }
        guard let base = base(of: scan) else { return plan }
        scan.table = moment == .earlier ? base.earlier : base.later
        return LogicalPlan(.scan(scan))
    }

    private func base(of scan: ScanNode) -> BaseChange? {
        scan.table.lineage.flatMap { bases[$0] }
    }

    // MARK: Changes

    /// Returns the changes of a plan's rows; nil where nothing it reads has changed.
    package func changes(of plan: LogicalPlan) throws(StarlingError) -> DeltaRows? {
        switch plan.node {
        case .scan(let scan): return changes(of: scan)
        case .values: return nil
        case .filter(var filter):
            guard let input = try changes(of: filter.input) else { return nil }
            filter.input = input.plan
            return input.giving(LogicalPlan(.filter(filter)))
        case .project(var project):
            guard let input = try changes(of: project.input) else { return nil }
            project.input = input.plan
            project.items.append(ProjectItem(passing: input.weight))
            return input.giving(LogicalPlan(.project(project)))
        case .unnest(var unnest):
            guard let input = try changes(of: unnest.input) else { return nil }
            unnest.input = input.plan
            return input.giving(LogicalPlan(.unnest(unnest)))
        case .join(let join): return try changes(of: join, giving: plan.outputColumns)
        case .aggregate(let aggregate):
            return try changes(of: aggregate, giving: plan.outputColumns)
        case .window(let window): return try changes(of: window, giving: plan.outputColumns)
        case .setOperation(let operation): return try changes(of: operation)
        case .sort(let sort) where sort.limit == nil && sort.offset == 0:
            return try changes(of: sort.input)
        case .sort, .limit, .shared, .sharedScan, .recursion:
            throw StarlingError(.internal, "the changes of such a plan are not known")
        }
    }

    private func changes(of scan: ScanNode) -> DeltaRows? {
        guard let base = base(of: scan), let rows = base.rows else { return nil }
        var scan = scan
        let changes: ChangesTable
        switch rows {
        case .weighted(let table): changes = table
        case .added(let table):
            if flaw == .newFilesLost { return nil }
            scan.table = table
            return weighted(LogicalPlan(.scan(scan)), 1)
        }
        let weight = makeWeight()
        scan.table = changes
        scan.columns.append(ScanColumn(column: weight, position: base.later.columns.count))
        if flaw == .removalsLost {
            scan.conjuncts.append(
                .comparison(.equal, .column(weight), .literal(.integer(1), .tinyint)))
        }
        return DeltaRows(
            plan: LogicalPlan(.scan(scan)), weight: weight, onlyGrows: !changes.hasRemovals)
    }

    // MARK: Weights

    func makeWeight() -> PlanColumn {
        allocator.makeColumn("weight", .tinyint, isNullable: false)
    }

    /// Gives all rows of a plan one weight.
    package func weighted(_ plan: LogicalPlan, _ number: Int) -> DeltaRows {
        let weight = makeWeight()
        let literal = BoundExpression.literal(.integer(Int128(number)), .tinyint)
        let items =
            plan.outputColumns.map(ProjectItem.init(passing:))
            + [ProjectItem(column: weight, expression: literal)]
        return DeltaRows(
            plan: LogicalPlan(.project(ProjectNode(input: plan, items: items))), weight: weight,
            onlyGrows: number > 0)
    }

    /// Puts changes together that all have the given columns.
    func union(_ terms: [DeltaRows], giving columns: [PlanColumn]) -> DeltaRows? {
        guard terms.count > 1 else { return terms.first }
        let inputs = terms.map { term in
            term.plan.projected(to: columns + [term.weight]).withFreshColumns(allocator)
        }
        let weight = makeWeight()
        let operation = SetOperationNode(
            kind: .union, keepsDuplicates: true, inputs: inputs,
            inputColumns: inputs.map(\.outputColumns), columns: columns + [weight])
        return DeltaRows(
            plan: LogicalPlan(.setOperation(operation)), weight: weight,
            onlyGrows: terms.allSatisfy(\.onlyGrows))
    }
}

extension DeltaRows {
    /// The same changes after another operator.
    fileprivate func giving(_ plan: LogicalPlan) -> DeltaRows {
        DeltaRows(plan: plan, weight: weight, onlyGrows: onlyGrows)
    }
}

extension LogicalPlan {
    /// Returns the plan with exactly these columns.
    func projected(to columns: [PlanColumn]) -> LogicalPlan {
        LogicalPlan(
            .project(ProjectNode(input: self, items: columns.map(ProjectItem.init(passing:)))))
    }
}
