// The general way of unnesting: L ⋈dep R becomes L ⋈ (D ⋈dep R), where D holds the distinct values
// of the columns of L that R refers to, and D sinks into R operator by operator until nothing
// refers to it from outside. L is computed once and read twice.
//
// R may hold the result of an earlier push-down: a shared plan, of a subquery inside R, whose
// definition refers to L too. D then sinks into the definition, and every scan of it gives D's
// columns as well, so that the inner domain becomes one over the columns of both levels: what the
// top-down scheme (Neumann, BTW 2025) unifies beforehand. Common table expressions that refer to the
// query around them, and recursions, are the same case.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

struct DomainPushDown {
    let context: PlanningContext
    var domain: Domain
    /// The shared plans around that have taken in D, and in which of their columns it is.
    var extensions: [SharedPlanID: Extension] = [:]

    /// The columns of D in one place of the plan, by the outer column that they stand for.
    typealias Mapping = [ColumnID: PlanColumn]

    /// Holds the values of the outer columns for which the right side is computed.
    struct Domain {
        /// The shared plan that D is taken from.
        let id: SharedPlanID
        /// What the right side refers to.
        let outerColumns: [PlanColumn]
        /// The same columns of the shared plan.
        let sourceColumns: [PlanColumn]
        var outerIDs: Set<ColumnID> { Set(outerColumns.map(\.id)) }
    }

    /// Says where a shared plan has those of D's columns that it depends on.
    struct Extension {
        var columns: Mapping
        /// False where it has rows for more values than those in D.
        var isExact = true
    }

    static func apply(
        to join: JoinNode, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        let outer = join.left.outputColumnIDs
        let referenced = join.right.freeColumns.intersection(outer)
        let domainColumns = join.left.outputColumns.filter { referenced.contains($0.id) }
        let id = context.makeSharedID()

        // The shared definition computes copies; its scan beside the join gives the columns that
        // the operators above know.
        let leftColumns = join.left.outputColumns
        let copies = Dictionary(
            leftColumns.map { ($0.id, context.allocator.makeCopy(of: $0)) },
            uniquingKeysWith: { first, _ in first })
        let domain = Domain(
            id: id, outerColumns: domainColumns, sourceColumns: domainColumns.map { copies[$0.id]! }
        )
        let pushDown = DomainPushDown(context: context, domain: domain)
        let (right, mapping) = try pushDown.push(into: join.right)

        var node = join
        node.left = LogicalPlan(
            .sharedScan(
                SharedScanNode(
                    id: id, name: "outer", columns: leftColumns,
                    sourceColumns: leftColumns.map { copies[$0.id]! })))
        node.right = right
        node.isDependent = false
        node.conditions += domainColumns.map {
            .comparison(.nullSafeEqual, .column($0), .column(mapping[$0.id]!))
        }
        if node.kind == .nullAwareAnti { node = node.withoutNullAwareness }
        let shared = SharedNode(
            id: id, name: "outer", definition: join.left.renaming(copies),
            body: LogicalPlan(.join(node)))
        return LogicalPlan(.shared(shared))
    }

    /// Makes a copy of D.
    func makeDomain() -> (LogicalPlan, Mapping) {
        let inputs = domain.outerColumns.map(context.allocator.makeCopy)
        let scan = LogicalPlan(
            .sharedScan(
                SharedScanNode(
                    id: domain.id, name: "outer", columns: inputs,
                    sourceColumns: domain.sourceColumns)))
        let outputs = domain.outerColumns.map(context.allocator.makeCopy)
        let keys = zip(outputs, inputs).map {
            ProjectItem(column: $0, expression: .column($1))
        }
        let distinct = LogicalPlan(
            .aggregate(AggregateNode(input: scan, keys: keys, aggregates: [])))
        return (distinct, mapping(to: outputs))
    }

    /// Pairs the outer columns with those that stand for them.
    func mapping(to columns: [PlanColumn]) -> Mapping {
        Dictionary(uniqueKeysWithValues: zip(domain.outerColumns.map(\.id), columns))
    }

    /// Compares the columns of D that the right side has.
    func equalities(_ left: Mapping, _ right: Mapping) -> [BoundExpression] {
        domain.outerColumns.compactMap { column in
            right[column.id].map {
                .comparison(.nullSafeEqual, .column(left[column.id]!), .column($0))
            }
        }
    }

    /// The outer columns that the plan refers to, or a shared plan that it reads.
    private func neededColumns(of plan: LogicalPlan) -> Set<ColumnID> {
        var needed = plan.freeColumns.intersection(domain.outerIDs)
        guard !extensions.isEmpty else { return needed }
        plan.forEach { part in
            guard case .sharedScan(let scan) = part.node, let known = extensions[scan.id] else {
                return
            }
            needed.formUnion(known.columns.keys)
        }
        return needed
    }

    func needsDomain(_ plan: LogicalPlan) -> Bool { !neededColumns(of: plan).isEmpty }

    /// Leaves in D what `plan` needs; the other columns would only repeat its rows.
    func narrowed(to plan: LogicalPlan) -> DomainPushDown {
        let needed = neededColumns(of: plan)
        let kept = domain.outerColumns.indices.filter {
            needed.contains(domain.outerColumns[$0].id)
        }
        var narrow = self
        narrow.domain = Domain(
            id: domain.id, outerColumns: kept.map { domain.outerColumns[$0] },
            sourceColumns: kept.map { domain.sourceColumns[$0] })
        return narrow
    }

    /// Returns D ⋈dep plan, computed for what the plan needs of D, which then meets all of D.
    func pushNarrowed(into plan: LogicalPlan) throws(StarlingError) -> (LogicalPlan, Mapping) {
        let narrow = narrowed(to: plan)
        let count = narrow.domain.outerColumns.count
        guard count > 0, count < domain.outerColumns.count else { return try push(into: plan) }
        let (pushed, mapping) = try narrow.push(into: plan)
        return widened(pushed, mapping)
    }

    /// Joins all of D to a plan that has some of its columns.
    func widened(_ plan: LogicalPlan, _ held: Mapping) -> (LogicalPlan, Mapping) {
        let (distinct, mapping) = makeDomain()
        let join = JoinNode(
            kind: .inner, left: distinct, right: plan, conditions: equalities(mapping, held))
        return (LogicalPlan(.join(join)), mapping)
    }

    /// Returns D ⋈dep plan: the plan's columns and those of D.
    func push(into plan: LogicalPlan) throws(StarlingError) -> (LogicalPlan, Mapping) {
        guard needsDomain(plan) else { return widened(plan, [:]) }
        switch plan.node {
        case .filter(var node):
            let (input, mapping) = try push(into: node.input)
            node.input = input
            return (LogicalPlan(.filter(node)).readingDomain(mapping), mapping)
        case .project(var node):
            let (input, mapping) = try push(into: node.input)
            node.input = input
            node.items = node.items.map {
                ProjectItem(column: $0.column, expression: $0.expression.renaming(mapping))
            }
            node.items += domain.outerColumns.map { ProjectItem(passing: mapping[$0.id]!) }
            return (LogicalPlan(.project(node)), mapping)
        case .window(var node):
            let (input, mapping) = try push(into: node.input)
            node.input = input
            node.partitionKeys += domain.outerColumns.map { .column(mapping[$0.id]!) }
            return (LogicalPlan(.window(node)).readingDomain(mapping), mapping)
        case .unnest(var node):
            let (input, mapping) = try push(into: node.input)
            node.input = input
            return (LogicalPlan(.unnest(node)).readingDomain(mapping), mapping)
        case .aggregate(let node): return try pushIntoAggregate(node)
        case .join(let node): return try pushIntoJoin(node)
        case .sort(let node):
            return try pushIntoLimit(
                node.input, keys: node.keys, limit: node.limit, offset: node.offset)
        case .limit(let node):
            return try pushIntoLimit(node.input, keys: [], limit: node.limit, offset: node.offset)
        case .setOperation(let node): return try pushIntoSetOperation(node)
        case .values(let node): return pushIntoValues(node)
        case .shared(let node): return try pushIntoShared(node)
        case .sharedScan(let node): return try pushIntoScan(node)
        case .recursion(let node): return try pushIntoRecursion(node)
        case .scan:
            throw StarlingError(.internal, "a scan's conditions refer to columns outside of it")
        }
    }

}

extension LogicalPlan {
    /// Lets the node's own expressions read D's columns where they read the outer ones.
    func readingDomain(_ mapping: DomainPushDown.Mapping) -> LogicalPlan {
        replacingExpressions { $0.renaming(mapping) }
    }
}
