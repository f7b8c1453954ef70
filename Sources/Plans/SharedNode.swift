// Common table expressions that are computed once, and recursion.

import StarlingErrors

/// Identifies a common table expression within a query.
package struct SharedPlanID: Hashable, Sendable {
    package let number: Int

    package init(_ number: Int) { self.number = number }
}

/// Computes `definition` once; `body` reads it by shared scans.
package struct SharedNode: Sendable {
    package var id: SharedPlanID
    package var name: String
    package var definition: LogicalPlan
    package var body: LogicalPlan

    package init(id: SharedPlanID, name: String, definition: LogicalPlan, body: LogicalPlan) {
        self.id = id
        self.name = name
        self.definition = definition
        self.body = body
    }
}

/// Reads a shared plan, or the working table of a recursion; its columns have identities of their
/// own and correspond to `sourceColumns` by position.
package struct SharedScanNode: Sendable {
    package var id: SharedPlanID
    package var name: String
    package var columns: [PlanColumn]
    package var sourceColumns: [PlanColumn]

    package init(
        id: SharedPlanID, name: String, columns: [PlanColumn], sourceColumns: [PlanColumn]
    ) {
        self.id = id
        self.name = name
        self.columns = columns
        self.sourceColumns = sourceColumns
    }
}

/// Repeats `step` on the rows that the last round added until none is added.
package struct RecursionNode: Sendable {
    package var id: SharedPlanID
    package var name: String
    package var columns: [PlanColumn]
    package var anchor: LogicalPlan
    package var anchorColumns: [PlanColumn]
    /// Reads the last round's rows by a shared scan of `id`.
    package var step: LogicalPlan
    package var stepColumns: [PlanColumn]
    package var keepsDuplicates: Bool
    package var depthMaximum: Int
    /// Whether more rounds are an error; otherwise the rows up to then are the result.
    package var endsInErrorAtMaximum = true
    /// Where the recursion is named in the statement's text.
    package var place: TextRange?

    package init(
        id: SharedPlanID, name: String, columns: [PlanColumn], anchor: LogicalPlan,
        anchorColumns: [PlanColumn], step: LogicalPlan, stepColumns: [PlanColumn],
        keepsDuplicates: Bool, depthMaximum: Int, place: TextRange? = nil
    ) {
        self.id = id
        self.name = name
        self.columns = columns
        self.anchor = anchor
        self.anchorColumns = anchorColumns
        self.step = step
        self.stepColumns = stepColumns
        self.keepsDuplicates = keepsDuplicates
        self.depthMaximum = depthMaximum
        self.place = place
    }
}
