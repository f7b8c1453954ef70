// Calls that can fail over values know where they stand in the text, so that an error points there.

import StarlingErrors
import StarlingPlans

extension BoundExpression {
    /// Gives a place to calls that have none yet: those that the binder made of the text there.
    func placed(at place: TextRange?) -> BoundExpression {
        switch self {
        case .call(let function, var signature, let arguments) where signature.place == nil:
            signature.place = place
            return .call(function, signature, arguments.map { $0.placed(at: place) })
        case .cast(let operand, let type): return .cast(operand.placed(at: place), to: type)
        default: return self
        }
    }
}
