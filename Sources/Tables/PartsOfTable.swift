// A table without some of its parts, which something else has answered for.

/// Gives the rows of some parts of a table.
package final class PartsOfTable: Table {
    /// The table whose parts these are.
    package let whole: any Table
    package let parts: [any TablePart]
    /// Counts the parts that something else has answered for.
    package let answeredCount: Int
    package let statistics: TableStatistics

    package init(_ whole: any Table, _ parts: [any TablePart], answeredCount: Int) {
        self.whole = whole
        self.parts = parts
        self.answeredCount = answeredCount
        var statistics = whole.statistics
        statistics.rowCount = parts.reduce(0) { $0 + $1.rowCount - ($1.hiddenRows?.count ?? 0) }
        for position in statistics.columns.indices {
            // Bounds hold for fewer rows, too; counts and sums do not.
            statistics.columns[position].isLowExact = false
            statistics.columns[position].isHighExact = false
            statistics.columns[position].sum = nil
            if statistics.columns[position].nullCount != 0 {
                statistics.columns[position].nullCount = nil
            }
        }
        self.statistics = statistics
    }

    package var title: String { whole.title }
    package var columns: [TableColumn] { whole.columns }
    package var virtualColumns: [TableColumn] { whole.virtualColumns }

    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        whole.canReadField(path, ofColumn: column)
    }

    package func forecast(of condition: IndexCondition) -> IndexForecast? {
        whole.forecast(of: condition)
    }
}
