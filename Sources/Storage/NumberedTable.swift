// A snapshot whose rows can be told apart: DELETE and UPDATE ask which rows are meant, by a column that
// only its name brings forth.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gives the rows of a snapshot with their numbers.
package final class NumberedTable: Table {
    /// The column of the numbers, which `RowNumbers` understands.
    package static let rowColumn = "__row"

    private let table: NativeTable
    package let parts: [any TablePart]
    package let virtualColumns = [
        TableColumn(name: rowColumn, type: .bigint, isNullable: false)
    ]

    package init(_ table: NativeTable) {
        self.table = table
        parts = table.segments.enumerated().map { place, segment in
            NumberedSegment(
                segment, firstNumber: RowNumbers.number(segment: place, row: 0),
                rowColumn: table.columns.count)
        }
    }

    package var title: String { table.title }
    package var columns: [TableColumn] { table.columns }
    package var statistics: TableStatistics { table.statistics }
}

/// Is a segment of such a snapshot.
private final class NumberedSegment: TablePart {
    private let segment: Segment
    private let firstNumber: Int64
    private let rowColumn: Int

    init(_ segment: Segment, firstNumber: Int64, rowColumn: Int) {
        self.segment = segment
        self.firstNumber = firstNumber
        self.rowColumn = rowColumn
    }

    var rowCount: Int { segment.rowCount }
    var hasOwnStatistics: Bool { true }
    var hiddenRows: RowSet? { segment.hidden }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        guard column == rowColumn else { return segment.statistics(ofColumn: column) }
        return ColumnStatistics(
            low: .integer(Int128(firstNumber)),
            high: .integer(Int128(firstNumber) + Int128(rowCount)), nullCount: 0)
    }

    func zones(ofColumn column: Int, context: ScanContext) throws(StarlingError) -> [Zone]? {
        column == rowColumn ? nil : try segment.zones(ofColumn: column, context: context)
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let stored = columns.filter { $0.column != rowColumn }
        var next = 0
        let places: [Int?] = columns.map { column in
            guard column.column != rowColumn else { return nil }
            next += 1
            return next - 1
        }
        return NumberedReader(
            try segment.makeReader(columns: stored, context: context), places, firstNumber)
    }
}

/// Reads a segment with the numbers of its rows.
private final class NumberedReader: PartReader {
    private let inner: any PartReader
    /// Where the segment's reader has each column; nil is that of the numbers.
    private let places: [Int?]
    private let firstNumber: Int64
    private var window = 0..<0

    init(_ inner: any PartReader, _ places: [Int?], _ firstNumber: Int64) {
        self.inner = inner
        self.places = places
        self.firstNumber = firstNumber
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        window = row..<(row + count)
        try inner.moveWindow(to: row, count: count)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        if let place = places[position] { return try inner.read(place, selection: selection) }
        let count = selection?.count ?? window.count
        let vector = Vector(uninitialized: .int64, count: count)
        let target = vector.pointer(to: Int64.self)
        for place in 0..<count {
            let row = selection.map { Int($0.rows[place]) } ?? place
            target[place] = firstNumber + Int64(window.lowerBound + row)
        }
        return vector
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        guard let place = places[position] else { return nil }
        return try inner.dictionary(of: place)
    }
}
