/// Is a stretch of rows of a part that has statistics of its own: a page, a block.
package struct Zone: Sendable, Hashable {
    package var rows: Range<Int>
    package var statistics: ColumnStatistics

    package init(rows: Range<Int>, statistics: ColumnStatistics) {
        self.rows = rows
        self.statistics = statistics
    }
}
