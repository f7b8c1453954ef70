// Grouping sets are computed of groups rather than of rows, each of the smallest set that holds it:
//
//     SELECT a, b, sum(x) FROM t GROUP BY ROLLUP (a, b)
//       → WITH ab AS (SELECT a, b, sum(x) AS s FROM t GROUP BY a, b),
//              a AS (SELECT a, sum(s) AS s FROM ab GROUP BY a)
//         SELECT a, b, s FROM ab UNION ALL SELECT a, NULL, s FROM a
//         UNION ALL SELECT NULL, NULL, sum(s) FROM a
//
// A row is looked up once, whatever the number of sets.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct GroupingSetSteps: Rule {
    static let name = "grouping_set_steps"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .aggregate(let aggregate) = node.node,
                let sets = aggregate.groupingSets, sets.count > 1, !aggregate.keys.isEmpty,
                aggregate.aggregates.allSatisfy(PartialAggregate.isPossible)
            else { return node }
            return try GroupingSetSteps(aggregate, sets, context.allocator).plan()
        }
    }

    /// Is one set of keys with its groups.
    private struct Step {
        var set: [Int]
        /// What groups; it is shared where other steps read it.
        var plan: LogicalPlan
        var id: SharedPlanID
        /// The keys in the order of `set`, then the parts of each aggregate.
        var keys: [PlanColumn]
        var parts: [[PlanColumn]]
    }

    private let node: AggregateNode
    private let sets: [[Int]]
    private let allocator: ColumnAllocator
    private let aggregates: [PartialAggregate]

    private init(
        _ node: AggregateNode, _ sets: [[Int]], _ allocator: ColumnAllocator
    ) throws(StarlingError) {
        self.node = node
        self.sets = sets
        self.allocator = allocator
        aggregates = try mapAll(node.aggregates) { (item) throws(StarlingError) in
            try PartialAggregate(item, allocator)
        }
    }

    private func plan() throws(StarlingError) -> LogicalPlan {
        var steps = [firstStep]
        var outputs: [(set: [Int], step: Int)] = []
        // Larger sets come first, so that each finds the smallest one that holds it.
        for set in sets.sorted(by: { $0.count > $1.count }) {
            let holding = steps.indices.filter { Set(steps[$0].set).isSuperset(of: set) }
            let parent = holding.min { steps[$0].set.count < steps[$1].set.count }!
            if steps[parent].set.count == set.count {
                outputs.append((set, parent))
                continue
            }
            let scan = read(steps[parent])
            steps.append(try step(over: scan, set))
            outputs.append((set, steps.count - 1))
        }
        let inputs = try mapAll(outputs) { (output) throws(StarlingError) in
            let scan = read(steps[output.step])
            return try result(of: scan, output.set)
        }
        let columns = LogicalPlan(.aggregate(node)).outputColumns
        var plan = LogicalPlan(
            .setOperation(
                SetOperationNode(
                    kind: .union, keepsDuplicates: true, inputs: inputs,
                    inputColumns: inputs.map(\.outputColumns), columns: columns)))
        for step in steps.reversed() {
            plan = LogicalPlan(
                .shared(
                    SharedNode(id: step.id, name: "groups", definition: step.plan, body: plan)))
        }
        return try SharedPlanInlining.inlined(plan, allocator)
    }

    /// Groups the rows by all keys of any set.
    private var firstStep: Step {
        let used = Set(sets.joined())
        let set = node.keys.indices.filter(used.contains)
        let keys = set.map {
            ProjectItem(
                column: allocator.makeCopy(of: node.keys[$0].column),
                expression: node.keys[$0].expression)
        }
        let plan = AggregateNode(
            input: node.input, keys: keys, aggregates: aggregates.flatMap(\.parts))
        return Step(
            set: set, plan: LogicalPlan(.aggregate(plan)), id: allocator.makeSharedID(),
            keys: keys.map(\.column), parts: aggregates.map { $0.parts.map(\.column) })
    }

    /// Makes a scan of a step's groups, in the form of a step.
    private func read(_ step: Step) -> Step {
        let sources = step.plan.outputColumns
        let columns = sources.map(allocator.makeCopy)
        let names = Dictionary(uniqueKeysWithValues: zip(sources.map(\.id), columns))
        var scan = step
        scan.plan = LogicalPlan(
            .sharedScan(
                SharedScanNode(
                    id: step.id, name: "groups", columns: columns, sourceColumns: sources)))
        scan.keys = step.keys.map { names[$0.id]! }
        scan.parts = step.parts.map { $0.map { names[$0.id]! } }
        return scan
    }

    /// Groups groups by fewer keys.
    private func step(over scan: Step, _ set: [Int]) throws(StarlingError) -> Step {
        let keys = set.map { key in
            let column = scan.keys[scan.set.firstIndex(of: key)!]
            return ProjectItem(column: allocator.makeCopy(of: column), expression: .column(column))
        }
        var wholes: [[AggregateItem]] = []
        for (aggregate, columns) in zip(aggregates, scan.parts) {
            wholes.append(try aggregate.wholes(of: columns, allocator))
        }
        let plan = AggregateNode(
            input: scan.plan, keys: keys, aggregates: wholes.flatMap { $0 })
        return Step(
            set: set, plan: LogicalPlan(.aggregate(plan)), id: allocator.makeSharedID(),
            keys: keys.map(\.column), parts: wholes.map { $0.map(\.column) })
    }

    /// Gives a set's rows as the grouping sets do: NULL for the keys that are not in it.
    private func result(of scan: Step, _ set: [Int]) throws(StarlingError) -> LogicalPlan {
        var items: [ProjectItem] = []
        var bitmap: Int128 = 0
        for (position, key) in node.keys.enumerated() {
            let place = scan.set.firstIndex(of: position).flatMap {
                set.contains(position) ? $0 : nil
            }
            if place == nil { bitmap |= 1 << Int128(node.keys.count - 1 - position) }
            items.append(
                ProjectItem(
                    column: nullable(key.column),
                    expression: place.map { .column(scan.keys[$0]) } ?? .null(key.column.type)))
        }
        if let column = node.groupingColumn {
            items.append(
                ProjectItem(
                    column: allocator.makeCopy(of: column),
                    expression: .literal(.integer(bitmap), column.type)))
        }
        for (index, item) in node.aggregates.enumerated() {
            items.append(
                ProjectItem(
                    column: allocator.makeCopy(of: item.column),
                    expression: try aggregates[index].result(of: scan.parts[index])))
        }
        return LogicalPlan(.project(ProjectNode(input: scan.plan, items: items)))
    }

    private func nullable(_ column: PlanColumn) -> PlanColumn {
        allocator.makeColumn(column.name, column.type, isNullable: true)
    }
}
