// UNNEST: the lists are computed below the transform that gives their elements.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    /// Gives the elements of lists as rows beside the columns that are read above.
    func unnest(_ node: UnnestNode, _ plan: LogicalPlan) throws(StarlingError) -> Fragment {
        var input = try fragment(of: node.input)
        let output = input.layout.columns.map(\.column)
        // A conversion to the same type reads a packed column.
        let lists = node.lists.map { BoundExpression.cast($0, to: $0.type) }
        let positions = try materialize(lists, in: &input)
        let wanted = needs?[plan]
        let passed = try self.positions(
            of: output.filter { wanted?.contains($0.id) ?? true }, in: input.layout)
        let elements = node.columns.map { column in
            PhysicalColumn(
                column: column, physicalType: column.type.widestPhysicalType,
                bounds: column.type.bounds)
        }
        let columns = passed.map { input.layout[$0] } + elements
        let targets = input.targets
        input.append(
            UnnestTransform(passed: passed, lists: positions, isOuter: node.isOuter),
            giving: ColumnLayout(columns))
        input.rowCountMaximum = nil
        input.targets = targets
        return input
    }
}
