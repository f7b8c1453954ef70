// Scans, literal rows, shared plans and recursion: where rows come from.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTables
import StarlingTypes
import StarlingVectors

extension PipelinePlanner {
    /// Reads a table; its columns travel in the narrowest types that its statistics allow.
    func scan(_ node: ScanNode, _ plan: LogicalPlan) throws(StarlingError) -> Fragment {
        let statistics = node.table.statistics
        let columns = node.columns.map { scanned -> PhysicalColumn in
            let known =
                scanned.path.isEmpty && scanned.position < statistics.columns.count
                ? statistics.columns[scanned.position] : ColumnStatistics()
            return physicalColumn(
                scanned.column, known,
                rowCount: statistics.isRowCountExact ? statistics.rowCount : .max)
        }
        let layout = ColumnLayout(columns)
        let needed = needs?[plan]
        let outputs = layout.columns.indices.filter {
            needed?.contains(layout[$0].column.id) ?? true
        }
        let source = try ScanSource(
            node, layout: layout, outputs: outputs, execution: execution,
            measurements: execution.measurements.node(plan.number))
        let targets = layout.columns.map { column in
            (column.column.id, [FilterTarget(scan: source, column: column.column.id)])
        }
        return Fragment(
            source: source, layout: layout.projected(to: outputs),
            rowCountMaximum: statistics.isRowCountExact ? statistics.rowCount : nil,
            targets: Dictionary(uniqueKeysWithValues: targets), work: Double(source.rowCount))
    }

    private func physicalColumn(
        _ column: PlanColumn, _ statistics: ColumnStatistics, rowCount: Int
    ) -> PhysicalColumn {
        var column = column
        if statistics.nullCount == 0 { column.isNullable = false }
        guard let allowed = column.type.bounds else {
            return PhysicalColumn(
                column: column, physicalType: column.type.widestPhysicalType, bounds: nil)
        }
        var bounds = allowed
        if let known = statistics.bounds, let both = known.intersection(allowed) { bounds = both }
        if let count = statistics.nullCount, count == rowCount { bounds = Bounds(0) }
        return PhysicalColumn(
            column: column, physicalType: .narrowest(for: bounds), bounds: bounds)
    }

    func values(_ node: ValuesNode) throws(StarlingError) -> Fragment {
        let empty = ColumnLayout([])
        var chunks: [Chunk] = []
        var layout = empty
        var collected = node.constants
        for row in node.rows {
            let program = try CompiledExpressions(
                row, layout: empty, session: execution.session)
            let results = try program.makeEvaluator().evaluate(Chunk(columns: [], count: 1))
            collected.append(results.map { $0.value(at: 0) })
        }
        let columns = node.columns.enumerated().map { position, column in
            let values = collected.map { $0[position] }
            return literalColumn(column, values)
        }
        layout = ColumnLayout(columns)
        let step = execution.options.chunkRowCount
        for start in stride(from: 0, to: node.rowCount, by: step) {
            let count = min(step, node.rowCount - start)
            let vectors = columns.indices.map { position in
                vector(
                    columns[position], collected[start..<(start + count)].map { $0[position] })
            }
            chunks.append(Chunk(columns: vectors, count: count))
        }
        return Fragment(
            source: ChunkSource(chunks), layout: layout, rowCountMaximum: node.rowCount)
    }

    private func vector(_ column: PhysicalColumn, _ values: [Value]) -> Vector {
        column.column.type.isNested
            ? Vector(values, as: column.column.type) : Vector(column.physicalType, values: values)
    }

    private func literalColumn(_ column: PlanColumn, _ values: [Value]) -> PhysicalColumn {
        guard column.type.bounds != nil else {
            return PhysicalColumn(
                column: column, physicalType: column.type.widestPhysicalType, bounds: nil)
        }
        var bounds: Bounds?
        for number in values.compactMap(\.integer) {
            bounds = bounds?.union(Bounds(number)) ?? Bounds(number)
        }
        let known = bounds ?? Bounds(0)
        return PhysicalColumn(
            column: column, physicalType: .narrowest(for: known), bounds: known)
    }

    // MARK: Shared plans

    func shared(_ node: SharedNode) throws(StarlingError) -> Fragment {
        let definition = try fragment(of: node.definition)
        let store = ChunkStore(execution)
        finish(definition, into: ChunkStoreSink(store))
        stores[node.id] = SharedStore(store: store, layout: definition.layout)
        return try fragment(of: node.body)
    }

    func sharedScan(_ node: SharedScanNode) throws(StarlingError) -> Fragment {
        guard let shared = stores[node.id] else {
            throw StarlingError(.internal, "'\(node.name)' is read before it is computed")
        }
        let positions = try positions(of: node.sourceColumns, in: shared.layout)
        let columns = zip(node.columns, positions).map { column, position in
            var column = column
            column.isNullable = shared.layout[position].column.isNullable
            return PhysicalColumn(
                column: column, physicalType: shared.layout[position].physicalType,
                bounds: shared.layout[position].bounds)
        }
        var fragment = Fragment(
            source: ChunkStoreSource(shared.store), layout: shared.layout)
        fragment.append(ProjectTransform(positions), giving: ColumnLayout(columns))
        return fragment
    }

    /// Runs the anchor, then the step again and again as pipelines of their own.
    func recursion(_ node: RecursionNode) throws(StarlingError) -> Fragment {
        // Columns travel in their widest types: every round may bring larger values. Nested ones are
        // packed where rows are compared, so that equal rows are equal bytes.
        let comparesRows = !node.keepsDuplicates
        let layout = ColumnLayout(
            node.columns.map { column in
                comparesRows && column.type.isNested
                    ? PhysicalColumn(column: column, physicalType: .string, bounds: nil)
                    : widest(column)
            })
        let first = try fragment(of: node.anchor)
        let anchor = try widened(
            comparesRows ? packedAsKeys(first) : unpacked(first), from: node.anchorColumns,
            to: layout)
        let result = ChunkStore(execution)
        let working = ChunkStore(execution)
        finish(anchor, into: ChunkStoreSink(working))
        stores[node.id] = SharedStore(store: working, layout: layout)

        // Pipelines run once: every round has its own.
        let added = ChunkStore(execution)
        let stores = stores
        let needs = needs
        let execution = execution
        let makeRound: @Sendable () throws(StarlingError) -> [Pipeline] = {
            let planner = PipelinePlanner(execution)
            planner.stores = stores
            planner.needs = needs
            let next = try planner.fragment(of: node.step)
            let step = try planner.widened(
                comparesRows ? planner.packedAsKeys(next) : planner.unpacked(next),
                from: node.stepColumns, to: layout)
            planner.finish(step, into: ChunkStoreSink(added))
            return planner.pipelines
        }
        let source = RecursionSource(
            node, layout: layout, working: working, added: added, result: result,
            makeRound: makeRound)
        return Fragment(source: source, layout: layout)
    }

    func widest(_ column: PlanColumn) -> PhysicalColumn {
        PhysicalColumn(
            column: column, physicalType: column.type.widestPhysicalType,
            bounds: column.type.bounds)
    }

    /// Gives columns by position in the types of another layout.
    func widened(
        _ fragment: Fragment, from columns: [PlanColumn], to layout: ColumnLayout
    ) throws(StarlingError) -> Fragment {
        var result = fragment
        let positions = try positions(of: columns, in: fragment.layout)
        let isSame = zip(positions, layout.columns).allSatisfy {
            fragment.layout[$0].physicalType == $1.physicalType
        }
        if isSame {
            result.append(ProjectTransform(positions), giving: layout)
        } else {
            result.append(
                WidenTransform(positions, layout.columns.map(\.physicalType)), giving: layout)
        }
        return result
    }
}
