// The plan node of UNNEST and of the table functions that are written with it.

import StarlingTypes

/// Gives a row for each element of lists, with the columns of the row that the lists are in.
///
/// Several lists are walked side by side; where one is shorter its columns are NULL. A row whose
/// lists are empty or NULL gives none, or with `isOuter` one with NULLs.
package struct UnnestNode: Sendable {
    package var input: LogicalPlan
    /// Arrays and maps.
    package var lists: [BoundExpression]
    /// One an array, two a map.
    package var columns: [PlanColumn]
    package var isOuter: Bool

    package init(
        input: LogicalPlan, lists: [BoundExpression], columns: [PlanColumn], isOuter: Bool
    ) {
        self.input = input
        self.lists = lists
        self.columns = columns
        self.isOuter = isOuter
    }
}
