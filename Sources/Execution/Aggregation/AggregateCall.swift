import StarlingFunctions
import StarlingPlans
import StarlingTypes

/// Names a column of the input to group by.
package struct GroupKey: Sendable {
    package var position: Int
    package var physicalType: PhysicalType
    /// Bounds that hold for every value, for integer-like types.
    package var bounds: Bounds?
    package var isNullable: Bool

    package init(
        position: Int, physicalType: PhysicalType, bounds: Bounds? = nil, isNullable: Bool = true
    ) {
        self.position = position
        self.physicalType = physicalType
        self.bounds = bounds
        self.isNullable = isNullable
    }

    /// Describes the grouping by a column of a layout.
    package init(position: Int, in layout: ColumnLayout) {
        let column = layout[position]
        self.init(
            position: position, physicalType: column.physicalType, bounds: column.bounds,
            isNullable: column.column.isNullable)
    }
}

/// Names an aggregate to compute over columns of the input.
package struct AggregateCall: Sendable {
    package var kernel: any AggregateKernel
    /// Positions in the input.
    package var arguments: [Int]
    package var argumentTypes: [PhysicalType]
    /// The position of a BOOLEAN; rows for which it is not true are left out.
    package var condition: Int?
    package var isDistinct: Bool

    package init(
        kernel: any AggregateKernel, arguments: [Int], argumentTypes: [PhysicalType],
        condition: Int? = nil, isDistinct: Bool = false
    ) {
        self.kernel = kernel
        self.arguments = arguments
        self.argumentTypes = argumentTypes
        self.condition = condition
        self.isDistinct = isDistinct
    }

    /// Tells that both gather the same from the same rows and differ in the result only.
    func sharesState(with other: AggregateCall) -> Bool {
        guard let state = kernel.sharedState, state == other.kernel.sharedState else {
            return false
        }
        return arguments == other.arguments && condition == other.condition
            && isDistinct == other.isDistinct
    }
}
