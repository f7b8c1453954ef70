// What does not depend on rows is computed while planning.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans

struct ConstantFolding: Rule {
    static let name = "constant_folding"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            node.replacingExpressions { foldConstants($0, session: context.session) }
        }
    }
}
