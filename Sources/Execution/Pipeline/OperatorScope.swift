// Where the time and the memory of a query go. Under EXPLAIN ANALYZE every operator gets an
// execution of its own, with a budget that is a part of the query's; between two operators of a
// pipeline stands a `MeasuringTransform`, which takes the time of what lies behind it from the
// operator in front and gives it to the one behind.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingVectors
import Synchronization

extension QueryExecution {
    /// Returns an execution that counts for one operator.
    func measuring(_ node: NodeMeasurements) -> QueryExecution {
        let budget = node.budget(within: (whole ?? self).budget)
        return QueryExecution(part: whole ?? self, budget: budget, node: node)
    }

    /// Runs `body` on workers of the pool, and counts the time of each instead of the caller's.
    func onWorkers(
        atMost limit: Int? = nil,
        _ body: @escaping @Sendable (_ worker: Int) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let count = min(limit ?? .max, options.workerCount ?? .max)
        guard let node else {
            return try pool.run(workers: count, cancellation: cancellation, body)
        }
        let start = monotonicNanoseconds()
        defer { node.addTime(since: start, sign: -1) }
        try pool.run(workers: count, cancellation: cancellation) { (worker) throws(StarlingError) in
            let start = monotonicNanoseconds()
            defer { node.addTime(since: start) }
            try body(worker)
        }
    }

    /// Runs `body` and counts its time.
    func timed<Success>(
        _ body: () throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        guard let node else { return try body() }
        let start = monotonicNanoseconds()
        defer { node.addTime(since: start) }
        return try body()
    }
}

extension [any Transform] {
    /// The execution of the operator that the transform at `position` belongs to; nil for that of
    /// the sink.
    func execution(at position: Int) -> QueryExecution? {
        for transform in self[position...] {
            if let measuring = transform as? MeasuringTransform { return measuring.execution }
        }
        return nil
    }
}

extension [any Transform] {
    /// Makes the chain of one worker, which ends in `last`. In the order of the transforms.
    func makeWorkers(
        _ lastExecution: QueryExecution, endingIn last: any ChunkConsumer
    ) throws(StarlingError) -> [any TransformWorker] {
        var execution = lastExecution
        var next = last
        var workers: [any TransformWorker] = []
        for transform in reversed() {
            if let measuring = transform as? MeasuringTransform {
                execution = measuring.execution
            }
            let worker = try transform.makeWorker(execution, next: next)
            workers.append(worker)
            next = worker
        }
        return workers.reversed()
    }
}

/// Ends what one operator does in a pipeline: counts the rows that it gives and the time that
/// those behind it take.
final class MeasuringTransform: Transform {
    let execution: QueryExecution
    private let node: NodeMeasurements
    private let nextNode: NodeMeasurements?

    init(_ node: NodeMeasurements, _ execution: QueryExecution, next: NodeMeasurements?) {
        self.node = node
        self.execution = execution
        nextNode = next
    }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(node, nextNode, next)
    }

    private final class Worker: TransformWorker {
        private let node: NodeMeasurements
        private let nextNode: NodeMeasurements?
        private let next: any ChunkConsumer

        init(
            _ node: NodeMeasurements, _ nextNode: NodeMeasurements?, _ next: any ChunkConsumer
        ) {
            self.node = node
            self.nextNode = nextNode
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            node.rowCount.wrappingAdd(chunk.count, ordering: .relaxed)
            let start = monotonicNanoseconds()
            try next.consume(chunk)
            let end = monotonicNanoseconds()
            node.addTime(from: end, to: start)
            nextNode?.addTime(from: start, to: end)
        }
    }
}
