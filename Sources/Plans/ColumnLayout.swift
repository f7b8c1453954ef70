// How the columns of a plan travel: which position in the chunk, in which physical type, within
// which bounds. It is fixed when the plan is made, for every operator.

import StarlingTypes

/// Describes a column of the chunks between two operators.
package struct PhysicalColumn: Sendable, Hashable {
    package var column: PlanColumn
    package var physicalType: PhysicalType
    /// Bounds that hold for every value, for integer-like types.
    package var bounds: Bounds?

    package init(column: PlanColumn, physicalType: PhysicalType, bounds: Bounds?) {
        self.column = column
        self.physicalType = physicalType
        self.bounds = bounds
    }
}

/// Lists the columns of the chunks between two operators.
package struct ColumnLayout: Sendable, Hashable {
    package private(set) var columns: [PhysicalColumn]
    private var positions: [ColumnID: Int]

    package init(_ columns: [PhysicalColumn]) {
        self.columns = columns
        positions = [:]
        for (position, column) in columns.enumerated() {
            positions[column.column.id] = position
        }
    }

    package func position(of id: ColumnID) -> Int? { positions[id] }

    package var count: Int { columns.count }

    package subscript(_ position: Int) -> PhysicalColumn { columns[position] }

    package func projected(to positions: [Int]) -> ColumnLayout {
        ColumnLayout(positions.map { columns[$0] })
    }
}
