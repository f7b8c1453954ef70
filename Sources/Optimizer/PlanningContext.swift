// What all rules share while one query is planned.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Hands out identities and the settings of one planning.
package final class PlanningContext: Sendable {
    package let allocator: ColumnAllocator
    package let session: SessionValues
    /// What the query may hold in memory.
    package let memoryByteCount: Int

    package init(
        allocator: ColumnAllocator, session: SessionValues, memoryByteCount: Int = .max
    ) {
        self.allocator = allocator
        self.session = session
        self.memoryByteCount = memoryByteCount
    }

    func makeSharedID() -> SharedPlanID { allocator.makeSharedID() }
}

/// Improves a plan without changing its result.
protocol Rule: Sendable {
    /// What EXPLAIN and the settings call it.
    static var name: String { get }

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan
}
