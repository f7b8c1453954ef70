// The numbers of a series as a table that exists only as it is read: `generate_series(1, 1000)`.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a table of one column with numbers at equal distances, in their order.
package final class SeriesTable: Table {
    package let title: String
    package let columns = [
        TableColumn(name: "generate_series", type: .bigint, isNullable: false)
    ]
    package let statistics: TableStatistics
    package let parts: [any TablePart]

    /// Describes the numbers from `start` to `end`; nil where they are none, or more than an Int
    /// counts. The step is not 0.
    package init?(from start: Int64, to end: Int64, by step: Int64) {
        let distance = Int128(end) - Int128(start)
        guard distance == 0 || (distance > 0) == (step > 0),
            let count = Int(exactly: distance / Int128(step) + 1)
        else { return nil }
        let all = SeriesPart(first: start, step: step, rowCount: count)
        // A part is some work for a worker, and a plan holds only so many parts.
        let (rowsPerPart, partCountMax) = (131_072, 65_536)
        let partRowCount = max(rowsPerPart, (count - 1) / partCountMax + 1)
        title = "series \(start) to \(end)" + (step == 1 ? "" : " by \(step)")
        statistics = TableStatistics(
            rowCount: count, columns: [all.statistics(ofColumn: 0)])
        parts = stride(from: 0, to: count, by: partRowCount).map { row in
            SeriesPart(
                first: all.value(at: row), step: step, rowCount: min(partRowCount, count - row))
        }
    }
}

/// Is a range of a series.
private struct SeriesPart: TablePart {
    let first: Int64
    let step: Int64
    let rowCount: Int
    let hasOwnStatistics = true

    /// All values between the first and the last fit, but steps to them may not.
    @inline(__always)
    func value(at row: Int) -> Int64 { first &+ step &* Int64(row) }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        let last = value(at: rowCount - 1)
        var result = ColumnStatistics(
            low: .integer(Int128(min(first, last))), high: .integer(Int128(max(first, last))),
            nullCount: 0, estimatedDistinctCount: rowCount)
        result.isLowExact = true
        result.isHighExact = true
        return result
    }

    func makeReader(columns: [ReadColumn], context: ScanContext) -> any PartReader {
        SeriesReader(self, columns: columns)
    }
}

/// Computes the numbers of a part, window by window.
private final class SeriesReader: PartReader {
    private let part: SeriesPart
    private let columns: [ReadColumn]
    private var row = 0
    private var count = 0

    init(_ part: SeriesPart, columns: [ReadColumn]) {
        self.part = part
        self.columns = columns
    }

    func moveWindow(to row: Int, count: Int) {
        self.row = row
        self.count = count
    }

    func read(_ position: Int, selection: Selection?) -> Vector {
        let type = columns[position].physicalType
        let result = Vector(uninitialized: type, count: selection?.count ?? count)
        switch type {
        case .int8: fill(result, Int8.self, selection)
        case .int16: fill(result, Int16.self, selection)
        case .int32: fill(result, Int32.self, selection)
        case .int64: fill(result, Int64.self, selection)
        case .int128: fill(result, Int128.self, selection)
        default: preconditionFailure("a series was asked for as \(type)")
        }
        return result
    }

    @inline(__always)
    private func fill<Element: FixedWidthInteger & BitwiseCopyable>(
        _ vector: Vector, _ type: Element.Type, _ selection: Selection?
    ) {
        let target = vector.pointer(to: Element.self)
        let (first, step) = (part.value(at: row), part.step)
        if let selection {
            let rows = selection.rows
            for index in 0..<selection.count {
                let value = first &+ step &* Int64(rows[index])
                target[index] = Element(truncatingIfNeeded: value)
            }
        } else {
            for index in 0..<count {
                target[index] = Element(truncatingIfNeeded: first &+ step &* Int64(index))
            }
        }
    }
}
