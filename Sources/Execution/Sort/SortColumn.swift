import StarlingPlans
import StarlingTypes

/// Names a column of the input to sort by, and how.
package struct SortColumn: Sendable, Hashable {
    package var position: Int
    package var physicalType: PhysicalType
    /// Bounds that hold for every value, for integer-like types.
    package var bounds: Bounds?
    package var isNullable: Bool
    package var isAscending: Bool
    package var nullsFirst: Bool
    /// What the texts of the key begin with; nil for other keys.
    let origin: TextOrigin?

    package init(
        position: Int, physicalType: PhysicalType, bounds: Bounds? = nil, isNullable: Bool = true,
        isAscending: Bool = true, nullsFirst: Bool? = nil
    ) {
        self.position = position
        self.physicalType = physicalType
        self.bounds = bounds
        self.isNullable = isNullable
        self.isAscending = isAscending
        self.nullsFirst = nullsFirst ?? isAscending
        origin = physicalType == .string ? TextOrigin() : nil
    }

    /// Describes the sort by a column of a layout.
    package init(
        position: Int, in layout: ColumnLayout, isAscending: Bool = true, nullsFirst: Bool? = nil
    ) {
        let column = layout[position]
        self.init(
            position: position, physicalType: column.physicalType, bounds: column.bounds,
            isNullable: column.column.isNullable, isAscending: isAscending, nullsFirst: nullsFirst)
    }
}
