import StarlingErrors
import StarlingEvaluation
import StarlingVectors

/// Gives the results of expressions.
final class ComputeTransform: Transform {
    private let expressions: CompiledExpressions

    init(_ expressions: CompiledExpressions) { self.expressions = expressions }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(expressions.makeEvaluator(), next)
    }

    private final class Worker: TransformWorker {
        private let evaluator: ExpressionEvaluator
        private let next: any ChunkConsumer

        init(_ evaluator: ExpressionEvaluator, _ next: any ChunkConsumer) {
            self.evaluator = evaluator
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try next.consume(Chunk(columns: evaluator.evaluate(chunk), count: chunk.count))
        }
    }
}
