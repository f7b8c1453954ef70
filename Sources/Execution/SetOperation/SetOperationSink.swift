// UNION, INTERSECT and EXCEPT as a grouping by all columns that counts each input's rows: how often
// a row is in the result follows from how often it is in the first input and in the others.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Gathers the inputs of a set operation, each through a sink of its own.
package final class SetOperationSink: Sendable {
    let kind: SetOperationNode.Kind
    let keepsDuplicates: Bool
    let columnCount: Int
    let aggregation: AggregateSink

    /// The columns of all inputs have the physical types of `columns`, in their order; bounds
    /// must hold for every input.
    package init(
        kind: SetOperationNode.Kind, keepsDuplicates: Bool, columns: [GroupKey]
    ) {
        self.kind = kind
        self.keepsDuplicates = keepsDuplicates
        columnCount = columns.count
        // For UNION it is all one where a row comes from.
        let sides: [Int8] = kind == .union && !keepsDuplicates ? [] : [0, 1]
        aggregation = AggregateSink(
            keys: columns,
            aggregates: sides.map { side in
                AggregateCall(
                    kernel: SideCountKernel(side: side), arguments: [columns.count],
                    argumentTypes: [.int8])
            })
    }

    /// Makes the sink for the input at `position`. The pipelines run in the order of the inputs,
    /// and the last one completes the operation.
    package func makeInput(_ position: Int, isLast: Bool) -> any Sink {
        SetOperationInput(self, side: position == 0 ? 0 : 1, isLast: isLast)
    }

    /// Computes how often a row is in the result.
    func multiplicity(left: Int, right: Int) -> Int {
        switch (kind, keepsDuplicates) {
        case (.union, true): left + right
        case (.union, false): 1
        case (.intersect, true): min(left, right)
        case (.intersect, false): min(1, min(left, right))
        case (.except, true): max(0, left - right)
        case (.except, false): left > 0 && right == 0 ? 1 : 0
        }
    }
}

/// Takes the rows of one input.
private final class SetOperationInput: Sink {
    private let operation: SetOperationSink
    private let side: Int8
    private let isLast: Bool

    init(_ operation: SetOperationSink, side: Int8, isLast: Bool) {
        self.operation = operation
        self.side = side
        self.isLast = isLast
    }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(try operation.aggregation.makeWorker(execution), side)
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {
        if isLast { try operation.aggregation.combine(execution) }
    }

    private final class Worker: SinkWorker {
        private let worker: any SinkWorker
        private let side: Int8

        init(_ worker: any SinkWorker, _ side: Int8) {
            self.worker = worker
            self.side = side
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            var chunk = chunk
            chunk.columns.append(
                Vector(constant: .integer(Int128(side)), .int8, count: chunk.count))
            try worker.consume(chunk)
        }

        func finish() throws(StarlingError) { try worker.finish() }
    }
}
