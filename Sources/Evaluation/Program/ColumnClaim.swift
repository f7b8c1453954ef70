import StarlingErrors
import StarlingKernels
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Is what a plan relies on in a column of a file: that its values lie within bounds, and that none
/// is NULL. Directly addressed tables and arithmetic without checks follow from it, so a file whose
/// statistics are wrong must not get past it.
package struct ColumnClaim: Sendable {
    private let bounds: Bounds?
    private let isNullable: Bool
    private let column: String

    /// Returns nil where there is nothing to check. `title` names the table in the error.
    package init?(_ column: PhysicalColumn, title: String) {
        var bounds = column.bounds
        if let known = bounds, let possible = column.physicalType.integerBounds,
            known.contains(possible)
        {
            bounds = nil
        }
        if !column.physicalType.isInteger { bounds = nil }
        guard bounds != nil || !column.column.isNullable else { return nil }
        self.bounds = bounds
        isNullable = column.column.isNullable
        self.column = "\(title), column \(column.column.name)"
    }

    package func check(_ vector: Vector) throws(StarlingError) {
        if let bounds, vector.hasIntegers(outside: bounds) {
            throw StarlingError(
                .file, "\(column): a value lies outside of the bounds in the file's statistics")
        }
        let storedCount = vector.isConstant ? min(1, vector.count) : vector.count
        if !isNullable, let validity = vector.validity,
            validity.validCount(of: storedCount) < storedCount
        {
            throw StarlingError(.file, "\(column): there are NULLs where the file says none")
        }
    }
}
