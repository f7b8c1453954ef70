// A table without rows of which anything may be said: what binders and optimizers see of a table.

import StarlingTables
import StarlingTypes

/// Describes a column of a stub, and what its statistics say.
package struct StubColumn {
    package var column: TableColumn
    package var statistics: ColumnStatistics

    /// Makes a column that may be NULL and of which nothing is known.
    package init(_ name: String, _ type: LogicalType, isNullable: Bool = true) {
        column = TableColumn(name: name, type: type, isNullable: isNullable)
        statistics = ColumnStatistics()
    }

    /// Says that the values are distinct integers, or some of them.
    package func numbered(_ range: ClosedRange<Int>, distinct: Int? = nil) -> StubColumn {
        var result = self
        result.column.isNullable = false
        result.statistics = ColumnStatistics(
            low: .integer(Int128(range.lowerBound)), high: .integer(Int128(range.upperBound)),
            nullCount: 0, estimatedDistinctCount: distinct ?? range.count)
        result.statistics.isLowExact = true
        result.statistics.isHighExact = true
        return result
    }

    /// Says how many values differ.
    package func distinct(_ count: Int) -> StubColumn {
        var result = self
        result.statistics.estimatedDistinctCount = count
        return result
    }
}

/// Is a table that is only planned with.
package final class StubTable: Table {
    package let title: String
    package let columns: [TableColumn]
    package let statistics: TableStatistics
    package let parts: [any TablePart] = []

    package init(_ name: String, rowCount: Int = 1_000, _ columns: [StubColumn]) {
        title = "stub \(name)"
        self.columns = columns.map(\.column)
        statistics = TableStatistics(rowCount: rowCount, columns: columns.map(\.statistics))
    }

    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool { true }
}
