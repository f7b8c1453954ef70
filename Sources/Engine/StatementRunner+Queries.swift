// A query's way: bind, optimize, make pipelines, run, collect.

import StarlingBinder
import StarlingErrors
import StarlingExecution
import StarlingMemory
import StarlingOptimizer
import StarlingPlans
import StarlingSyntax
import StarlingThreads
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    func bind(_ query: Query) throws(StarlingError) -> BoundQuery {
        try binder.bind(query)
    }

    /// Binds a query whose values go into a table.
    func bind(source query: Query) throws(StarlingError) -> BoundQuery {
        try binder.bind(source: query)
    }

    func runQuery(_ query: Query) throws(StarlingError) -> Result {
        try applyHints(of: query)
        return try execute(try bind(query))
    }

    func optimize(_ bound: BoundQuery) throws(StarlingError) -> LogicalPlan {
        let optimizer = Optimizer(
            allocator: binderAllocator, session: sessionValues,
            memoryByteCount: settings.flag("force_spill") ? 0 : memoryByteLimit,
            isEnabled: settings.flag("enable_optimizer"))
        // The result has these columns and no others.
        var plan = try readingViews(bound)?.plan ?? bound.plan
        if plan.outputColumns != bound.columns {
            plan = LogicalPlan(
                .project(
                    ProjectNode(input: plan, items: bound.columns.map(ProjectItem.init(passing:)))))
        }
        return try optimizer.optimize(plan)
    }

    func execute(_ bound: BoundQuery) throws(StarlingError) -> Result {
        let (chunks, _) = try run(optimize(bound))
        return Result(
            columns: bound.columns.map { ResultColumn(name: $0.name, type: $0.type) },
            chunks: chunks)
    }

    /// Runs a plan and returns its rows and what was measured.
    func run(
        _ plan: LogicalPlan, measuresNodes: Bool = false
    ) throws(StarlingError) -> ([Chunk], QueryMeasurements) {
        let result = ResultSink()
        let measurements = try run(plan, into: result, measuresNodes: measuresNodes)
        return (result.chunks, measurements)
    }

    /// Runs a query and hands its rows over as they come; the result has none.
    func stream(_ query: Query, to receive: @escaping ChunkReceiver) throws(StarlingError) -> Result
    {
        let bound = try bind(query)
        let columns = bound.columns.map { ResultColumn(name: $0.name, type: $0.type) }
        let sink = StreamingSink { receive(columns, $0) }
        do throws(StarlingError) {
            _ = try run(optimize(bound), into: sink, measuresNodes: false)
        } catch {
            guard sink.endedEarly else { throw error }
        }
        return Result(columns: columns, chunks: [])
    }

    /// Runs a plan into a sink that needs to know of the query; returns the sink.
    func run<Gathering: Sink>(
        _ plan: LogicalPlan, into makeSink: (QueryExecution) -> Gathering
    ) throws(StarlingError) -> Gathering {
        let execution = makeExecution(measuresNodes: false)
        let sink = makeSink(execution)
        _ = try run(plan, into: sink, execution)
        return sink
    }

    private func run(
        _ plan: LogicalPlan, into sink: any Sink, measuresNodes: Bool
    ) throws(StarlingError) -> QueryMeasurements {
        try run(plan, into: sink, makeExecution(measuresNodes: measuresNodes))
    }

    private func run(
        _ plan: LogicalPlan, into sink: any Sink, _ execution: QueryExecution
    ) throws(StarlingError) -> QueryMeasurements {
        session.setProgress { [progress = execution.measurements.progress] in progress.fraction }
        plan.recordFilters()
        let pipelines = try PipelinePlanner(execution).plan(plan, into: sink)
        try PipelineRunner(execution).run(pipelines)
        readRowCount += execution.measurements.scannedRowCount
        return execution.measurements
    }

    /// What a query may hold in memory.
    private var memoryByteLimit: Int {
        let limit = settings.integer("query_mem_limit")
        return limit > 0 ? limit : session.database.configuration.memoryLimit
    }

    /// The workers that a statement is to have; nil where it takes all there are.
    var chosenWorkerCount: Int? {
        let count = settings.integer("pipeline_dop")
        return count > 0 ? count : nil
    }

    /// Makes the budget of a query.
    func makeBudget() -> MemoryBudget {
        MemoryBudget(
            byteLimit: memoryByteLimit, settingName: "query_mem_limit",
            parent: session.database.budget)
    }

    private func makeExecution(measuresNodes: Bool) -> QueryExecution {
        let database = session.database
        let values = sessionValues
        return QueryExecution(
            pool: database.pool, cancellation: cancellation,
            budget: values.budget ?? makeBudget(), session: values,
            options: ExecutionOptions(
                chunkRowCount: settings.integer("batch_size"),
                forcesSpill: settings.flag("force_spill"),
                spillFolder: database.configuration.spillFolder,
                usesRuntimeFilters: settings.flag("enable_runtime_filters"),
                usesIndexes: settings.flag("enable_gin_filter"),
                hashesAreZero: settings.flag("hash_zero"),
                verifiesChecksums: settings.flag("verify_checksums"),
                workerCount: chosenWorkerCount.map { min($0, database.pool.workerCount) },
                measuresNodes: measuresNodes))
    }
}
