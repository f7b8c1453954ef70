// What the engine reads from, whatever it is: lake files, native tables, generators, literal rows.
//
// A table has parts (a row group, a segment) that are read independently of each other. A part's
// reader is asked window by window, column by column, so that the scan can evaluate its predicates
// on the first columns and have the others decoded for the surviving rows only.

import StarlingErrors
import StarlingTypes

/// Describes a column of a table.
package struct TableColumn: Sendable, Hashable {
    package var name: String
    package var type: LogicalType
    package var isNullable: Bool
    /// What its texts are cut into terms by, where indexes say so.
    package var analyzers: ColumnAnalyzers?

    package init(name: String, type: LogicalType, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// Gives rows; an immutable snapshot for the length of a query.
package protocol Table: AnyObject, Sendable {
    /// Says what this is and where, for EXPLAIN: `parquet data/lineitem.parquet`.
    var title: String { get }
    var columns: [TableColumn] { get }
    /// Columns that only their names bring forth, not `*`; their positions follow the others'.
    var virtualColumns: [TableColumn] { get }
    var statistics: TableStatistics { get }
    var parts: [any TablePart] { get }
    /// Parts that can be left out together; empty where the table is not cut so.
    var partGroups: [PartGroup] { get }
    /// Positions of columns in which no two rows agree, NULL being like NULL; nil where none are
    /// known.
    var uniqueColumns: [Int]? { get }
    /// What this has in common with the same table at other moments; nil where that is not known.
    var lineage: TableLineage? { get }

    /// Tells whether a field of a column can be read without the structure that it is in.
    func canReadField(_ path: [Int], ofColumn column: Int) -> Bool

    /// Tells whether it makes columns of a kind out of one of its own in a better way than to compute
    /// them from the values of that.
    func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool

    /// Returns the table with columns behind all others, virtual ones included, that it makes out of
    /// others; nil where it makes none.
    func reading(_ columns: [DerivedColumn]) -> (any Table)?

    /// Says what indexes expect of a condition, by looking at little; nil where none knows.
    func forecast(of condition: IndexCondition) -> IndexForecast?

    /// Returns a table of what `FROM t [_META_]` tells of how this one is stored; nil where there is
    /// nothing to tell.
    func metadata() throws(StarlingError) -> (any Table)?
}

extension Table {
    package func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool { false }
    package func reading(_ columns: [DerivedColumn]) -> (any Table)? { nil }
    package func forecast(of condition: IndexCondition) -> IndexForecast? { nil }
    package func metadata() throws(StarlingError) -> (any Table)? { nil }

    /// Tells whether a field of a column can be read without the structure that it is in.
    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool { false }

    package var virtualColumns: [TableColumn] { [] }
    package var partGroups: [PartGroup] { [] }
    package var uniqueColumns: [Int]? { nil }
    package var lineage: TableLineage? { nil }
}

/// Is the unit of work and of pruning of a table.
package protocol TablePart: Sendable {
    /// Counts the rows; only an estimate where `isCounted` is false.
    var rowCount: Int { get }

    /// False where the rows show only while they are read, as in files of text. A reader of such a
    /// part is asked for one window after the other until there are no rows left.
    var isCounted: Bool { get }

    /// True where the statistics were computed from the values by ourselves. Those of a file are
    /// what somebody wrote, and values are checked against them.
    var hasOwnStatistics: Bool { get }

    /// Rows of the part that are gone; statistics of its columns count them all the same.
    var hiddenRows: RowSet? { get }

    /// Returns what is known of a column in this part.
    func statistics(ofColumn column: Int) -> ColumnStatistics

    /// Returns the statistics of the zones of a column, which together cover the part; nil where
    /// none are known. May read from the file.
    func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]?

    /// Tells whether an index is certain that none of `values` occurs in a column. May read from
    /// the file.
    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool

    /// Returns what is known of a field: `path` leads to it from a column through structures. It is NULL
    /// where one of them is.
    func statistics(ofField path: [Int], ofColumn column: Int) -> ColumnStatistics

    /// Returns the statistics of the zones of a field, as those of columns.
    func zones(
        ofField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]?

    /// Tells whether an index is certain that none of `values` occurs in a field.
    func lacks(
        _ values: [Value], inField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool

    /// Lists rows, ascending, among which are all that have one of the values in each of the columns;
    /// nil where no index knows. May read from the file.
    func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]?

    /// Lists rows among which are all of some ranges for which a condition is true; nil where no index
    /// knows. May read from the file, and says nothing where what it reads is damaged.
    func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer?

    /// Lists rows, ascending, among which are all of some ranges whose value of a column may have
    /// statistics that are wanted; nil where that excludes none but what zones exclude.
    func rows(
        ofColumn column: Int, within ranges: RowRanges, context: ScanContext,
        areWanted: (ColumnStatistics) -> Bool
    ) throws(StarlingError) -> [UInt32]?

    /// Says that columns of this part are about to be read, so that storage can begin to.
    func prefetch(_ columns: [ReadColumn])

    /// Opens the part for reading some of its columns.
    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader
}

extension TablePart {
    package var isCounted: Bool { true }
    package var hasOwnStatistics: Bool { false }
    package var hiddenRows: RowSet? { nil }

    package func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? { nil }

    package func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool { false }

    package func statistics(ofField path: [Int], ofColumn column: Int) -> ColumnStatistics {
        ColumnStatistics()
    }

    package func zones(
        ofField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? { nil }

    package func lacks(
        _ values: [Value], inField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool { false }

    /// Returns what is known of what is read of a column.
    package func statistics(of column: ReadColumn) -> ColumnStatistics {
        column.path.isEmpty
            ? statistics(ofColumn: column.column)
            : statistics(ofField: column.path, ofColumn: column.column)
    }

    package func zones(
        of column: ReadColumn, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        try column.path.isEmpty
            ? zones(ofColumn: column.column, context: context)
            : zones(ofField: column.path, ofColumn: column.column, context: context)
    }

    package func lacks(
        _ values: [Value], in column: ReadColumn, context: ScanContext
    ) throws(StarlingError) -> Bool {
        try column.path.isEmpty
            ? lacks(values, inColumn: column.column, context: context)
            : lacks(values, inField: column.path, ofColumn: column.column, context: context)
    }

    package func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]? { nil }

    package func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? { nil }

    package func rows(
        ofColumn column: Int, within ranges: RowRanges, context: ScanContext,
        areWanted: (ColumnStatistics) -> Bool
    ) throws(StarlingError) -> [UInt32]? { nil }

    package func prefetch(_ columns: [ReadColumn]) {}
}

/// Asks for a column in a physical type, which the table's bounds guarantee to suffice; a value
/// that does not fit is an error of the file.
package struct ReadColumn: Sendable, Hashable {
    /// The position in the table's columns.
    package var column: Int
    package var physicalType: PhysicalType
    /// The fields that lead from the column to what is wanted: positions in structures.
    package var path: [Int]

    package init(column: Int, physicalType: PhysicalType, path: [Int] = []) {
        self.column = column
        self.physicalType = physicalType
        self.path = path
    }
}
