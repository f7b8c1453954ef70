// A table of files together with the columns that stand in their folders' names. A predicate on
// such a column prunes whole files, by the same statistics as any other.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Adds partition columns to a table of files.
final class PartitionedTable: Table {
    let title: String
    let columns: [TableColumn]
    let parts: [any TablePart]
    let statistics: TableStatistics

    init(_ opened: OpenedFiles, _ keys: PartitionColumns) {
        let inner = opened.table
        title = inner.title
        columns = inner.columns + keys.columns
        var parts: [any TablePart] = []
        var next = 0
        let innerParts = inner.parts
        for (file, count) in opened.partCounts.enumerated() {
            for part in innerParts[next..<(next + count)] {
                parts.append(
                    PartitionedPart(
                        inner: part, fileColumnCount: inner.columns.count,
                        values: keys.values[file]))
            }
            next += count
        }
        self.parts = parts
        let added = keys.columns.indices.map { column in
            Self.merge(parts, column: inner.columns.count + column)
        }
        statistics = TableStatistics(
            rowCount: inner.statistics.rowCount, columns: inner.statistics.columns + added)
    }

    private static func merge(_ parts: [any TablePart], column: Int) -> ColumnStatistics {
        var result = ColumnStatistics(nullCount: 0)
        var distinct: Set<Value> = []
        for part in parts {
            let next = part.statistics(ofColumn: column)
            result.nullCount! += next.nullCount ?? 0
            guard let value = next.low else { continue }
            distinct.insert(value)
            if result.low.map({ precedes(value, $0) }) ?? true { result.low = value }
            if result.high.map({ precedes($0, value) }) ?? true { result.high = value }
        }
        result.estimatedDistinctCount = distinct.count
        return result
    }

    private static func precedes(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }
}

/// Is a part of a file, with the file's partition values.
private struct PartitionedPart: TablePart {
    let inner: any TablePart
    let fileColumnCount: Int
    let values: [Value]

    var rowCount: Int { inner.rowCount }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        guard column >= fileColumnCount else { return inner.statistics(ofColumn: column) }
        let value = values[column - fileColumnCount]
        if value.isNull { return ColumnStatistics(nullCount: rowCount) }
        return ColumnStatistics(low: value, high: value, nullCount: 0, estimatedDistinctCount: 1)
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        var places: [PartitionedReader.Place] = []
        var inFile: [ReadColumn] = []
        for column in columns {
            if column.column < fileColumnCount {
                places.append(.file(inFile.count))
                inFile.append(column)
            } else {
                places.append(
                    .constant(values[column.column - fileColumnCount], column.physicalType))
            }
        }
        let reader = try inner.makeReader(columns: inFile, context: context)
        return PartitionedReader(reader, places)
    }
}

/// Reads columns of a file, and constants.
private final class PartitionedReader: PartReader {
    enum Place {
        case file(Int)
        case constant(Value, PhysicalType)
    }

    private let inner: any PartReader
    private let places: [Place]
    private var count = 0

    init(_ inner: any PartReader, _ places: [Place]) {
        self.inner = inner
        self.places = places
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        self.count = count
        try inner.moveWindow(to: row, count: count)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        switch places[position] {
        case .file(let column): try inner.read(column, selection: selection)
        case .constant(let value, let type):
            Vector(constant: value, type, count: selection?.count ?? count)
        }
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        guard case .file(let column) = places[position] else { return nil }
        return try inner.dictionary(of: column)
    }
}
