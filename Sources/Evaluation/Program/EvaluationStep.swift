// A compiled expression is a list of nodes, children before parents, each with the facts that were
// derived for it and the step that computes it. Equal expressions are one node.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Computes one node for the rows of a frame.
protocol EvaluationStep: Sendable {
    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector
}

/// Holds what is known of a node before any row is seen.
struct NodeFacts: Sendable {
    var type: LogicalType
    var physicalType: PhysicalType
    /// For integer-like types.
    var bounds: Bounds?
    var isNullable: Bool
    var isDeterministic = true
    /// True where some rows may end in an error, so that it must not run for other rows.
    var canFail = false
    /// Counts roughly the passes over the rows.
    var cost = 0.0
    /// The positions of the columns that it depends on.
    var columns: Set<Int> = []
}

/// Is one node of a compiled program.
struct ProgramNode: Sendable {
    var facts: NodeFacts
    var step: any EvaluationStep
    /// How many parents and outputs take the value.
    var useCount = 0
    /// The column whose dictionary the node can be evaluated on, where that is worth it.
    var dictionaryColumn: Int?
}

/// Holds the compiled nodes of some expressions; immutable and shared by all workers.
package final class EvaluationProgram: Sendable {
    let nodes: [ProgramNode]
    /// The steps of the nodes, apart from what is only asked before any row is seen.
    let steps: [any EvaluationStep]
    let session: SessionValues

    init(nodes: [ProgramNode], session: SessionValues) {
        self.nodes = nodes
        steps = nodes.map(\.step)
        self.session = session
    }
}
