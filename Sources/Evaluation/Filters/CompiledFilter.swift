// A filter is conjuncts, each compiled to a truth value. They run one after the other, each for
// the rows that those before it left, in an order that is learned from what they cost and how many
// rows they drop. A column that only a late conjunct needs is read for few rows.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds the conjuncts of a filter, compiled.
package final class CompiledFilter: Sendable {
    let program: EvaluationProgram
    let conjuncts: [FilterConjunct]
    /// The positions of the columns that the filter reads.
    package let columns: Set<Int>

    /// Compiles conjuncts over columns of `layout`.
    package init(
        _ conjuncts: [BoundExpression], layout: ColumnLayout, session: SessionValues
    ) throws(StarlingError) {
        var compiler = ExpressionCompiler(layout: layout, session: session)
        var compiled: [FilterConjunct] = []
        for part in IntegerRange.merge(conjuncts.flatMap(\.conjuncts)) {
            let root: Int
            if let range = part.range {
                root = try compiler.compileRange(part.expression, range)
            } else {
                root = try compiler.compile(part.expression)
            }
            compiled.append(
                FilterConjunct(
                    root: root, facts: compiler.nodeFacts(root),
                    expression: try part.expression.withAscendingLists(), range: part.range))
        }
        program = compiler.finish(roots: compiled.map(\.root))
        columns = compiled.reduce(into: []) { $0.formUnion($1.facts.columns) }
        self.conjuncts = compiled
        self.layout = layout
    }

    let layout: ColumnLayout

    /// Makes what one worker filters with.
    package func makeEvaluator() -> FilterEvaluator { FilterEvaluator(self) }
}

/// Is one conjunct: a node, and what it says as an expression for reasoning over statistics.
struct FilterConjunct: Sendable {
    var root: Int
    var facts: NodeFacts
    var expression: BoundExpression
    var range: Bounds?
}
