// The statistics of a table from those of its row groups.

import StarlingFormats
import StarlingTables
import StarlingTypes

enum MergedStatistics {
    /// Merges what the parts know; a bound that one part lacks is unknown.
    static func merge(_ parts: [RowGroupPart], column: Int) -> ColumnStatistics {
        var result = ColumnStatistics(
            merging: parts.map { ($0.rowCount, $0.statistics(ofColumn: column)) })
        result.estimatedDistinctCount = DistinctEstimate.estimate(
            parts, column: column, bounds: result.bounds)
        return result
    }
}
