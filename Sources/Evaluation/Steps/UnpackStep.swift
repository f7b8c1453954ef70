// Columns of nested types that travel as packed strings, as they do behind everything that gathers
// rows, are read back where an expression needs their values.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Reads packed values back.
struct UnpackStep: EvaluationStep {
    let operand: Int
    let type: LogicalType

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        unpacked(try frame.value(operand), as: type)
    }
}

extension BoundExpression {
    /// The same nested value as bytes that are equal and order as the values do.
    package var asPackedKey: BoundExpression {
        .call(Packing.key, FunctionSignature([type], returns: .varbinary), [self])
    }

    /// The same nested value as bytes from which it can be read back as it was.
    package var asPackedPayload: BoundExpression {
        .call(Packing.payload, FunctionSignature([type], returns: .varbinary), [self])
    }
}
