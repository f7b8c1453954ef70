import StarlingErrors
import StarlingEvaluation
import StarlingKernels
import StarlingVectors

/// Lets the rows through for which all conditions hold.
final class FilterTransform: Transform {
    private let filter: CompiledFilter

    init(_ filter: CompiledFilter) { self.filter = filter }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        Worker(filter.makeEvaluator(), next)
    }

    private final class Worker: TransformWorker {
        private let evaluator: FilterEvaluator
        private let next: any ChunkConsumer

        init(_ evaluator: FilterEvaluator, _ next: any ChunkConsumer) {
            self.evaluator = evaluator
            self.next = next
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            guard let selection = try evaluator.select(chunk) else {
                return try next.consume(chunk)
            }
            guard selection.count > 0 else { return }
            let columns = chunk.columns.map { $0.gathered(by: selection) }
            try next.consume(Chunk(columns: columns, count: selection.count))
        }
    }
}

/// Is the condition of a join that is no equality of keys.
final class FilterCondition: RowCondition {
    private let filter: CompiledFilter
    let columns: [Int]

    init(_ filter: CompiledFilter, columns: [Int]) {
        self.filter = filter
        self.columns = columns
    }

    func makeEvaluator(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any RowConditionEvaluator {
        Evaluator(filter.makeEvaluator())
    }

    private final class Evaluator: RowConditionEvaluator {
        private let evaluator: FilterEvaluator

        init(_ evaluator: FilterEvaluator) { self.evaluator = evaluator }

        func select(_ chunk: Chunk) throws(StarlingError) -> Selection {
            try evaluator.select(chunk) ?? Selection(all: chunk.count)
        }
    }
}
