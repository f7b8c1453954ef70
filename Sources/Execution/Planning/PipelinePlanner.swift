// Turns a plan into pipelines. Every node either extends the fragment below it by a transform, or
// ends it with a sink and begins a new fragment with what the sink has made. Pipelines are listed
// in the order in which they run: what feeds a pipeline stands before it.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTypes

/// Plans the pipelines of one query.
package final class PipelinePlanner {
    /// That of the operator which is being planned, where operators are measured.
    private(set) var execution: QueryExecution
    var pipelines: [Pipeline] = []
    /// What shared plans and recursions have gathered, for their scans.
    var stores: [SharedPlanID: SharedStore] = [:]
    var needs: ColumnNeeds?

    /// Holds the rows of a shared plan.
    struct SharedStore {
        var store: ChunkStore
        var layout: ColumnLayout
    }

    package init(_ execution: QueryExecution) { self.execution = execution }

    /// Plans a query whose rows go into `sink`.
    package func plan(
        _ plan: LogicalPlan, into sink: any Sink
    ) throws(StarlingError) -> [Pipeline] {
        needs = ColumnNeeds(plan)
        let fragment = try fragment(of: plan)
        if let rowCount = (sink as? any OrderedSink)?.morselRowCount {
            (fragment.source as? SortSource)?.share(morselRowCount: rowCount)
        }
        let ordered = try unpacked(project(fragment, to: plan.outputColumns))
        finish(ordered, into: sink)
        return pipelines
    }

    /// Ends a fragment with a sink; `place` is where the pipeline stands among the others.
    func finish(_ fragment: Fragment, into sink: any Sink, at place: Int? = nil) {
        var pipeline = Pipeline(
            source: fragment.source, transforms: fragment.transforms, sink: sink)
        pipeline.sinkExecution = execution
        pipeline.work = fragment.work
        pipelines.insert(pipeline, at: place ?? pipelines.count)
    }

    func fragment(of plan: LogicalPlan) throws(StarlingError) -> Fragment {
        var fragment = try fragmentAsMeasured(of: plan)
        fragment.work = max(fragment.work, plan.estimatedRowCount ?? 0)
        return fragment
    }

    private func fragmentAsMeasured(of plan: LogicalPlan) throws(StarlingError) -> Fragment {
        guard execution.options.measuresNodes else { return try unmeasuredFragment(of: plan) }
        let outer = execution
        defer { execution = outer }
        let node = execution.measurements.node(plan.number)
        execution = execution.measuring(node)
        var fragment = try unmeasuredFragment(of: plan)
        fragment.transforms.append(MeasuringTransform(node, execution, next: outer.node))
        return fragment
    }

    private func unmeasuredFragment(of plan: LogicalPlan) throws(StarlingError) -> Fragment {
        switch plan.node {
        case .scan(let node): return try scan(node, plan)
        case .values(let node): return try values(node)
        case .filter(let node):
            return try filter(try fragment(of: node.input), by: node.conjuncts)
        case .project(let node): return try compute(node.items, over: fragment(of: node.input))
        case .aggregate(let node): return try aggregate(node)
        case .join(let node): return try join(node, plan)
        case .window(let node): return try window(node)
        case .unnest(let node): return try unnest(node, plan)
        case .sort(let node): return try sort(node)
        case .limit(let node): return try limit(node)
        case .setOperation(let node): return try setOperation(node)
        case .shared(let node): return try shared(node)
        case .sharedScan(let node): return try sharedScan(node)
        case .recursion(let node): return try recursion(node)
        }
    }

    // MARK: Transforms

    func filter(
        _ fragment: Fragment, by conjuncts: [BoundExpression]
    ) throws(StarlingError) -> Fragment {
        var result = fragment
        let filter = try CompiledFilter(
            conjuncts, layout: fragment.layout, session: execution.session)
        result.transforms.append(FilterTransform(filter))
        return result
    }

    /// Gives the results of expressions; plain columns pass without work.
    func compute(
        _ items: [ProjectItem], over fragment: Fragment
    ) throws(StarlingError) -> Fragment {
        var result = fragment
        let program = try CompiledExpressions(
            items.map(\.expression), layout: fragment.layout, session: execution.session)
        let columns = zip(items, program.results).map { item, column in
            var output = item.column
            output.isNullable = column.isNullable
            return PhysicalColumn(
                column: output, physicalType: column.physicalType, bounds: column.bounds)
        }
        result.append(ComputeTransform(program), giving: ColumnLayout(columns))
        result.targets = targets(passing: items, through: fragment)
        return result
    }

    /// The targets of the columns that pass as they are.
    func targets(
        passing items: [ProjectItem], through fragment: Fragment
    ) -> [ColumnID: [FilterTarget]] {
        var targets: [ColumnID: [FilterTarget]] = [:]
        for item in items {
            guard case .column(let source) = item.expression else { continue }
            targets[item.column.id] = fragment.targets[source.id]
        }
        return targets
    }

    /// Gives the wanted columns in the wanted order.
    func project(
        _ fragment: Fragment, to columns: [PlanColumn]
    ) throws(StarlingError) -> Fragment {
        let positions = try positions(of: columns, in: fragment.layout)
        if positions == Array(0..<fragment.layout.count) { return fragment }
        var result = fragment
        result.append(
            ProjectTransform(positions), giving: fragment.layout.projected(to: positions))
        return result
    }

    func positions(
        of columns: [PlanColumn], in layout: ColumnLayout
    ) throws(StarlingError) -> [Int] {
        try mapAll(columns) { (column) throws(StarlingError) in
            guard let position = layout.position(of: column.id) else {
                throw StarlingError(
                    .internal, "column \(column.name) is not among those of the operator below")
            }
            return position
        }
    }

    /// Makes sure that expressions are columns: computes those that are not. Returns where each
    /// one stands.
    func materialize(
        _ expressions: [BoundExpression], in fragment: inout Fragment
    ) throws(StarlingError) -> [Int] {
        let isPlain = expressions.allSatisfy { expression in
            if case .column(let column) = expression {
                return fragment.layout.position(of: column.id) != nil
            }
            return false
        }
        if !isPlain {
            var items = fragment.layout.columns.map { ProjectItem(passing: $0.column) }
            for (index, expression) in expressions.enumerated() {
                if case .column = expression { continue }
                let column = PlanColumn(
                    id: nextTemporaryID(), name: "computed \(index)", type: expression.type,
                    isNullable: expression.mayBeNull)
                items.append(ProjectItem(column: column, expression: expression))
                computed[expression] = column
            }
            fragment = try compute(items, over: fragment)
        }
        return try mapAll(expressions) { (expression) throws(StarlingError) in
            let column: PlanColumn
            if case .column(let plain) = expression {
                column = plain
            } else {
                column = computed[expression]!
            }
            return try positions(of: [column], in: fragment.layout)[0]
        }
    }

    /// Columns that the planner itself has made for expressions; their identities are negative.
    private var computed: [BoundExpression: PlanColumn] = [:]
    private var temporaryCount = 0

    func nextTemporaryID() -> ColumnID {
        temporaryCount += 1
        return ColumnID(-temporaryCount)
    }
}
