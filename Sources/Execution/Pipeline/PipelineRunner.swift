import StarlingErrors
import StarlingThreads
import StarlingVectors
import Synchronization

/// Runs pipelines, one after the other, each on all workers.
package struct PipelineRunner {
    private let execution: QueryExecution
    /// Nil where the pipelines are part of a stage of others.
    private let progress: QueryProgress?

    package init(_ execution: QueryExecution) {
        self.execution = execution
        progress = execution.progress
    }

    /// Makes a runner for pipelines that an operator runs by itself.
    init(partOf execution: QueryExecution) {
        self.execution = execution
        progress = nil
    }

    package func run(_ pipelines: [Pipeline]) throws(StarlingError) {
        let start = monotonicNanoseconds()
        progress?.begin(pipelines.flatMap(\.stageWeights))
        for (number, pipeline) in pipelines.enumerated() {
            try run(pipeline, firstStage: number * Pipeline.stageCount)
        }
        // The operators of these pipelines count their own time; who runs them does not.
        execution.node?.addTime(since: start, sign: -1)
    }

    private func run(_ pipeline: Pipeline, firstStage: Int) throws(StarlingError) {
        let sinkExecution = pipeline.sinkExecution ?? execution
        let sourceExecution = pipeline.transforms.execution(at: 0) ?? sinkExecution
        try sourceExecution.timed { () throws(StarlingError) in
            try pipeline.source.prepare(sourceExecution)
        }
        progress?.enter(firstStage)
        let counting = expect(pipeline.source.extent)
        let chains = Mutex<[WorkerChain]>([])
        // Waking a worker that finds nothing takes longer than a small statement does. What is given
        // in the end may be more than what the source has.
        let chainCount =
            pipeline.transforms.contains(where: \.hasRemainder)
            ? nil : pipeline.source.readerCountMax
        try sourceExecution.timed { () throws(StarlingError) in
            try sourceExecution.onWorkers(atMost: chainCount) { (_) throws(StarlingError) in
                let chain = try WorkerChain(pipeline, sourceExecution, sinkExecution)
                try chain.takeAllChunks(sourceExecution.cancellation, counting)
                chains.withLock { $0.append(chain) }
            }
        }
        let finished = chains.withLock { $0 }
        for (position, transform) in pipeline.transforms.enumerated()
        where transform.hasRemainder {
            let giver = pipeline.transforms.execution(at: position) ?? sinkExecution
            try eachInParallel(finished, giver) { (chain) throws(StarlingError) in
                try chain.transforms[position].giveRemainingRows()
            }
        }
        progress?.enter(firstStage + 1)
        try eachInParallel(finished, sinkExecution) { (chain) throws(StarlingError) in
            try chain.sink.finish()
        }
        progress?.enter(firstStage + 2)
        try sinkExecution.timed { () throws(StarlingError) in
            try pipeline.sink.combine(sinkExecution)
        }
    }

    /// Expects the rows of a source; returns where to count them as they come, unless the source does.
    private func expect(_ extent: SourceExtent) -> QueryProgress? {
        switch extent {
        case .given(let rowCount):
            progress?.expect(rowCount ?? 0)
            return progress
        case .noted(let rowCount):
            progress?.expect(rowCount)
            return nil
        }
    }

    private func eachInParallel(
        _ chains: [WorkerChain], _ execution: QueryExecution,
        _ body: @escaping @Sendable (WorkerChain) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let counter = SharedCounter()
        try execution.timed { () throws(StarlingError) in
            try execution.onWorkers(atMost: chains.count) { (_) throws(StarlingError) in
                while case let position = counter.next(), position < chains.count {
                    try body(chains[position])
                }
            }
        }
    }
}

extension Pipeline {
    /// Reading, the finishing of the sink's workers, the combining of the sink.
    fileprivate static let stageCount = 3

    fileprivate var stageWeights: [Double] {
        let completion = sink.completion
        return [work, work * completion.finishing, work * completion.combining]
    }
}

/// Hands out positions to workers.
package final class SharedCounter: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    package func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Holds one worker's consumers of a pipeline.
///
/// `@unchecked Sendable`: a chain is used by one worker at a time, phases apart by barriers.
private final class WorkerChain: @unchecked Sendable {
    let reader: any SourceReader
    /// In the order of the pipeline's transforms.
    let transforms: [any TransformWorker]
    let sink: any SinkWorker

    init(
        _ pipeline: Pipeline, _ sourceExecution: QueryExecution, _ sinkExecution: QueryExecution
    ) throws(StarlingError) {
        reader = try pipeline.source.makeReader(sourceExecution)
        sink = try pipeline.sink.makeWorker(sinkExecution)
        transforms = try pipeline.transforms.makeWorkers(sinkExecution, endingIn: sink)
    }

    func takeAllChunks(
        _ cancellation: Cancellation, _ progress: QueryProgress?
    ) throws(StarlingError) {
        let first: any ChunkConsumer = transforms.first ?? sink
        let ordering = sink as? any MorselSinkWorker
        while !transforms.contains(where: { $0.isFinished }), let chunk = try reader.next() {
            try cancellation.check()
            try ordering?.beginMorsel(reader.morselNumber)
            try first.consume(chunk)
            progress?.note(chunk.count)
        }
        try ordering?.endSource()
    }
}
