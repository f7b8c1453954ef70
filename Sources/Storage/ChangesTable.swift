// What changed between two versions of a table, as rows with a weight: 1 for a row that came, -1 for
// one that went. An updated row went and came.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gives the rows that two versions do not share.
package final class ChangesTable: Table {
    /// The column of the weights.
    package static let weightColumn = "weight"

    private let table: NativeTable
    package let columns: [TableColumn]
    package let parts: [any TablePart]
    package let statistics: TableStatistics
    /// True where rows went.
    package let hasRemovals: Bool

    /// Compares two versions of a table, given those between them that only packed rows anew: what these have
    /// is the same as what was there before.
    package convenience init(
        of newest: NativeTable, from earlier: NativeTable, to later: NativeTable,
        repackings: [(before: NativeTable, after: NativeTable)]
    ) throws(StarlingError) {
        guard !later.columns.contains(where: { $0.name.lowercased() == Self.weightColumn }) else {
            throw StarlingError(
                .unsupported,
                "'\(later.name)' has a column '\(Self.weightColumn)', which CHANGES adds")
        }
        if let column = newest.columnConverted(between: earlier, and: later) {
            throw StarlingError(
                .unsupported,
                "column '\(column)' of '\(later.name)' was converted to another type or computed anew "
                    + "between these versions, which changed all rows; ask for the changes before "
                    + "and those after")
        }
        self.init(from: earlier, to: later, repackings: repackings)
    }

    /// Compares two versions for who reads columns by their positions; the weights come last.
    package init(
        from earlier: NativeTable, to later: NativeTable,
        repackings: [(before: NativeTable, after: NativeTable)] = []
    ) {
        table = later
        var (added, removed): ([Segment], [Segment]) = ([], [])
        let begins = [earlier] + repackings.map(\.after)
        let ends = repackings.map(\.before) + [later]
        for (begin, end) in zip(begins, ends) {
            let changes = begin.changes(to: end, columnsOf: later)
            added += changes.added
            removed += changes.removed
        }
        hasRemovals = !removed.isEmpty
        let weight = later.columns.count
        columns =
            later.columns.enumerated().map { position, column in
                var column = column
                // Rows that went may be of a time when the column took NULL.
                column.isNullable =
                    column.isNullable
                    || removed.contains { $0.statistics(ofColumn: position).nullCount != 0 }
                return column
            } + [TableColumn(name: Self.weightColumn, type: .tinyint, isNullable: false)]
        parts =
            removed.map { WeightedSegment($0, -1, column: weight) }
            + added.map { WeightedSegment($0, 1, column: weight) }
        statistics = TableStatistics(
            rowCount: (added + removed).reduce(0) { $0 + $1.liveRowCount },
            columns: columns.map { _ in ColumnStatistics() })
    }

    package var title: String { "changes of table \(table.name)" }
}

/// Is a segment whose rows have a weight.
private final class WeightedSegment: TablePart {
    private let segment: Segment
    private let weight: Int64
    private let column: Int

    init(_ segment: Segment, _ weight: Int64, column: Int) {
        self.segment = segment
        self.weight = weight
        self.column = column
    }

    var rowCount: Int { segment.rowCount }
    var hasOwnStatistics: Bool { true }
    var hiddenRows: RowSet? { segment.hidden }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        guard column == self.column else { return segment.statistics(ofColumn: column) }
        return ColumnStatistics(
            low: .integer(Int128(weight)), high: .integer(Int128(weight)), nullCount: 0)
    }

    func zones(ofColumn column: Int, context: ScanContext) throws(StarlingError) -> [Zone]? {
        column == self.column ? nil : try segment.zones(ofColumn: column, context: context)
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard column != self.column else { return false }
        return try segment.lacks(values, inColumn: column, context: context)
    }

    func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        try segment.rows(passing: condition, within: ranges, context: context)
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try ReaderWithColumn(segment, columns, column: column, isWide: false, context) {
            [weight] _ in weight
        }
    }
}
