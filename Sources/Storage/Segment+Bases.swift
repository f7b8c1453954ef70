// Columns that are written in relation to another column of the segment.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension Segment {
    /// Finds the column that another is written in relation to; nil where there is none.
    func base(of column: SegmentColumn) throws(StarlingError) -> Int? {
        guard let base = try column.block().base else { return nil }
        for (position, other) in columns.enumerated() where try other.block() === base {
            return position
        }
        return nil
    }

    /// Returns the same rows with all columns that need another one, which is not there any more,
    /// encoded for themselves.
    func withoutMissingBases() throws(StarlingError) -> Segment {
        var result = columns
        for (position, column) in columns.enumerated() {
            guard try column.block().base != nil, try base(of: column) == nil else { continue }
            result[position] = try column.encodedForItself()
        }
        return zip(columns, result).allSatisfy { $0 === $1 } ? self : having(result)
    }
}
