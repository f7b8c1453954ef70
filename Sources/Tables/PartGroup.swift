import StarlingTypes

/// Is a run of parts of a table that belong together, a partition: what excludes all of its rows saves
/// looking at each of its parts.
package struct PartGroup: Sendable {
    /// The places of the parts in those of the table.
    package var parts: Range<Int>
    package var rowCount: Int
    /// Each row is of one of these kinds, which say more of some columns than the parts do; empty
    /// where nothing more is known.
    package var kinds: [[Int: ColumnStatistics]]

    package init(parts: Range<Int>, rowCount: Int, kinds: [[Int: ColumnStatistics]]) {
        self.parts = parts
        self.rowCount = rowCount
        self.kinds = kinds
    }
}

extension ColumnStatistics {
    /// What is known of the rows of two parts together, which have `count` rows each.
    package func union(
        _ other: ColumnStatistics, counts: (own: Int, other: Int)
    ) -> ColumnStatistics {
        if counts.own == 0 { return other }
        if counts.other == 0 { return self }
        var result = ColumnStatistics()
        if let nullCount, let more = other.nullCount { result.nullCount = nullCount + more }
        result.excludesNaN = excludesNaN && other.excludesNaN
        // NULLs have no bounds, and need none.
        if nullCount == counts.own {
            (result.low, result.high) = (other.low, other.high)
        } else if other.nullCount == counts.other {
            (result.low, result.high) = (low, high)
        } else {
            if let low, let more = other.low, let order = low.order(to: more) {
                result.low = order < 0 ? low : more
            }
            if let high, let more = other.high, let order = high.order(to: more) {
                result.high = order > 0 ? high : more
            }
        }
        return result
    }
}
