// What operators use: expressions compiled against the layout of their input, and one worker's
// evaluator of them.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Describes the result of a compiled expression.
package struct ExpressionResult: Sendable, Hashable {
    package var type: LogicalType
    package var physicalType: PhysicalType
    package var bounds: Bounds?
    package var isNullable: Bool
}

/// Holds expressions compiled together, so that what they share is computed once a chunk.
package final class CompiledExpressions: Sendable {
    let program: EvaluationProgram
    let roots: [Int]
    package let results: [ExpressionResult]

    init(_ program: EvaluationProgram, roots: [Int]) {
        self.program = program
        self.roots = roots
        results = roots.map { root in
            let facts = program.nodes[root].facts
            return ExpressionResult(
                type: facts.type, physicalType: facts.physicalType, bounds: facts.bounds,
                isNullable: facts.isNullable)
        }
    }

    /// Compiles expressions over columns of `layout`. A packed column that is passed on stays packed,
    /// unless whoever uses the values wants their parts.
    package convenience init(
        _ expressions: [BoundExpression], layout: ColumnLayout, session: SessionValues,
        unpacks: Bool = false
    ) throws(StarlingError) {
        var compiler = ExpressionCompiler(layout: layout, session: session)
        var roots: [Int] = []
        for expression in expressions {
            roots.append(
                unpacks ? try compiler.compile(expression) : try compiler.compileRoot(expression))
        }
        self.init(compiler.finish(roots: roots), roots: roots)
    }

    /// Makes what one worker evaluates with.
    package func makeEvaluator() -> ExpressionEvaluator { ExpressionEvaluator(self) }
}

/// Evaluates compiled expressions for one worker.
package final class ExpressionEvaluator {
    private let compiled: CompiledExpressions
    private let frame: EvaluationFrame

    init(_ compiled: CompiledExpressions) {
        self.compiled = compiled
        frame = EvaluationFrame(EvaluationWorker(compiled.program))
    }

    /// Computes all expressions for a chunk; vectors are in any encoding.
    package func evaluate(_ chunk: Chunk) throws(StarlingError) -> [Vector] {
        try evaluate(ChunkColumns(chunk), selection: nil, count: chunk.count)
    }

    /// Computes all expressions for the selected rows of a source, `count` of them, dense.
    package func evaluate(
        _ source: some ColumnSource, selection: Selection?, count: Int
    ) throws(StarlingError) -> [Vector] {
        frame.begin(source, selection: selection, count: count)
        defer { frame.forget() }
        var results: [Vector] = []
        results.reserveCapacity(compiled.roots.count)
        for root in compiled.roots { results.append(try frame.value(root)) }
        return results
    }
}
