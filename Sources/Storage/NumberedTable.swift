// A snapshot whose rows can be told apart: DELETE and UPDATE ask which rows are meant, by a column that
// only its name brings forth.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gives the rows of a snapshot with their numbers.
package final class NumberedTable: Table {
    /// The column of the numbers, which `RowNumbers` understands. No column of a table may have a name
    /// with a control character in it.
    package static let rowColumn = "\u{1F}row"

    package let table: NativeTable
    package let parts: [any TablePart]
    package let statistics: TableStatistics
    package let virtualColumns = [
        TableColumn(name: rowColumn, type: .bigint, isNullable: false)
    ]

    package convenience init(_ table: NativeTable) {
        self.init(table, table.statistics) { $0.partition?.isTemporary != true }
    }

    private init(
        _ table: NativeTable, _ statistics: TableStatistics, isRead: (Segment) -> Bool
    ) {
        self.table = table
        self.statistics = statistics
        let key = table.keyColumns
        parts = table.segments.enumerated().compactMap { place, segment in
            guard isRead(segment), segment.liveRowCount > 0 else { return nil }
            return NumberedSegment(
                segment, key, firstNumber: RowNumbers.number(segment: place, row: 0),
                rowColumn: table.columns.count)
        }
    }

    /// Returns the rows of some partitions.
    package func restricted(to partitions: [TablePartition]) -> NumberedTable {
        let numbers = Set(partitions.map(\.number))
        let statistics = table.restricted(to: partitions).statistics
        return NumberedTable(table, statistics) { segment in
            segment.partition.map { numbers.contains($0.number) } ?? false
        }
    }

    package var title: String { table.title }
    package var columns: [TableColumn] { table.columns }

    package func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool { true }

    package func reading(_ columns: [DerivedColumn]) -> (any Table)? {
        DerivedTable(self, parts.compactMap { $0 as? any SegmentPart }, columns)
    }

    package var partGroups: [PartGroup] {
        parts.count == table.parts.count ? table.partGroups : []
    }
}

/// Is a segment of such a snapshot.
private final class NumberedSegment: SegmentPart {
    let segment: Segment
    private let key: KeyColumns?
    private let firstNumber: Int64
    private let rowColumn: Int

    init(_ segment: Segment, _ key: KeyColumns?, firstNumber: Int64, rowColumn: Int) {
        self.segment = segment
        self.key = key
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

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard column != rowColumn else { return false }
        return try segment.lacks(values, inColumn: column, context: context)
    }

    func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]? {
        guard let key else { return nil }
        return try segment.rows(having: values, by: key)
    }

    func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        try segment.rows(passing: condition, within: ranges, context: context)
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try ReaderWithColumn(segment, columns, column: rowColumn, isWide: true, context) {
            [firstNumber] row in firstNumber + Int64(row)
        }
    }
}
