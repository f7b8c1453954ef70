import StarlingErrors
import StarlingThreads
import StarlingVectors
import Synchronization

/// Runs pipelines, one after the other, each on all workers.
package struct PipelineRunner {
    private let execution: QueryExecution

    package init(_ execution: QueryExecution) { self.execution = execution }

    package func run(_ pipelines: [Pipeline]) throws(StarlingError) {
        for pipeline in pipelines { try run(pipeline) }
    }

    private func run(_ pipeline: Pipeline) throws(StarlingError) {
        let execution = execution
        try pipeline.source.prepare(execution)
        let chains = Mutex<[WorkerChain]>([])
        try execution.pool.run(
            workers: execution.options.workerCount, cancellation: execution.cancellation
        ) { (_) throws(StarlingError) in
            let chain = try WorkerChain(pipeline, execution)
            try chain.takeAllChunks(execution.cancellation)
            chains.withLock { $0.append(chain) }
        }
        let finished = chains.withLock { $0 }
        for (position, transform) in pipeline.transforms.enumerated()
        where (transform as? any RemainderGiving)?.givesRemainder ?? false {
            try eachInParallel(finished) { (chain) throws(StarlingError) in
                try chain.transforms[position].giveRemainingRows()
            }
        }
        try eachInParallel(finished) { (chain) throws(StarlingError) in try chain.sink.finish() }
        try pipeline.sink.combine(execution)
    }

    private func eachInParallel(
        _ chains: [WorkerChain],
        _ body: @escaping @Sendable (WorkerChain) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let counter = SharedCounter()
        try execution.pool.run(cancellation: execution.cancellation) { (_) throws(StarlingError) in
            while case let position = counter.next(), position < chains.count {
                try body(chains[position])
            }
        }
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

    init(_ pipeline: Pipeline, _ execution: QueryExecution) throws(StarlingError) {
        reader = try pipeline.source.makeReader(execution)
        sink = try pipeline.sink.makeWorker(execution)
        var next: any ChunkConsumer = sink
        var workers: [any TransformWorker] = []
        for transform in pipeline.transforms.reversed() {
            let worker = try transform.makeWorker(execution, next: next)
            workers.append(worker)
            next = worker
        }
        transforms = workers.reversed()
    }

    func takeAllChunks(_ cancellation: Cancellation) throws(StarlingError) {
        let first: any ChunkConsumer = transforms.first ?? sink
        while !transforms.contains(where: { $0.isFinished }), let chunk = try reader.next() {
            try cancellation.check()
            try first.consume(chunk)
        }
    }
}
