// Columns and literals.

import StarlingErrors
import StarlingVectors

/// Takes a column of the input.
struct ColumnStep: EvaluationStep {
    let position: Int

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        try frame.column(position)
    }
}

/// Gives the same value for all rows.
struct LiteralStep: EvaluationStep {
    let constant: Vector

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var vector = constant
        vector.count = frame.count
        return vector
    }
}
