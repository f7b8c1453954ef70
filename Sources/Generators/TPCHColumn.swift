// A column of a table is a row in the table's file: its name and type, what is known of its
// values, and the function that makes them.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Describes a column and generates it for windows of the kind that its table has.
struct TPCHColumn<Window: RowWindow>: Sendable {
    let name: String
    let type: LogicalType
    /// Says what is known of the values in a range of keys (rows or orders, from 0).
    let statistics: @Sendable (TPCHScale, Range<Int>) -> ColumnStatistics
    /// True where values are cut from the pool of texts.
    var isCutFromPool = false
    let generate: @Sendable (Window) -> GeneratedColumn

    /// Describes a column of integers, decimals or dates between two ends.
    static func integers(
        _ name: String, _ type: LogicalType, _ bounds: ClosedRange<Int>,
        _ generate: @escaping @Sendable (Window) -> [Int64]
    ) -> TPCHColumn {
        integers(name, type, { _, _ in bounds }, generate)
    }

    /// Describes a column of integers whose ends depend on the scale and the range of keys.
    static func integers(
        _ name: String, _ type: LogicalType,
        _ bounds: @escaping @Sendable (TPCHScale, Range<Int>) -> ClosedRange<Int>,
        _ generate: @escaping @Sendable (Window) -> [Int64]
    ) -> TPCHColumn {
        TPCHColumn(name: name, type: type) { scale, keys in
            let bounds = bounds(scale, keys)
            return ColumnStatistics(
                low: .integer(Int128(bounds.lowerBound)),
                high: .integer(Int128(bounds.upperBound)), nullCount: 0,
                estimatedDistinctCount: bounds.count)
        } generate: {
            .integers(generate($0))
        }
    }

    /// Describes a column of few words.
    static func words(
        _ name: String, _ words: WordDictionary,
        _ generate: @escaping @Sendable (Window) -> GeneratedColumn
    ) -> TPCHColumn {
        TPCHColumn(name: name, type: .string) { _, _ in
            let values = words.dictionary.values
            let byteCount = words.words.reduce(0) { $0 + $1.utf8.count }
            return ColumnStatistics(
                low: values.value(at: 0), high: values.value(at: values.count - 1), nullCount: 0,
                estimatedDistinctCount: values.count,
                estimatedByteWidth: Double(byteCount) / Double(values.count))
        } generate: {
            generate($0)
        }
    }

    /// Describes a column of strings that mostly differ.
    static func strings(
        _ name: String, averageByteCount: Int,
        distinctCount: @escaping @Sendable (TPCHScale) -> Int? = { _ in nil },
        _ generate: @escaping @Sendable (Window) -> Vector
    ) -> TPCHColumn {
        TPCHColumn(name: name, type: .string) { scale, _ in
            ColumnStatistics(
                nullCount: 0, estimatedDistinctCount: distinctCount(scale),
                estimatedByteWidth: Double(averageByteCount))
        } generate: {
            .strings(generate($0))
        }
    }

    /// Describes a column of texts out of the pool.
    static func comments(
        _ name: String, averageByteCount: Int, _ generate: @escaping @Sendable (Window) -> Vector
    ) -> TPCHColumn {
        var column = strings(name, averageByteCount: averageByteCount, generate)
        column.isCutFromPool = true
        return column
    }
}
