// A snapshot with columns that are read out of its documents, behind all others. What segments know of
// the columns of paths excludes rows as it does for any column.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a segment, or one with something beside.
protocol SegmentPart: TablePart {
    var segment: Segment { get }
}

extension Segment: SegmentPart {
    var segment: Segment { self }
}

/// Gives the rows of a table with paths of its documents.
package final class PathTable: Table {
    /// The table whose documents these are.
    package let inner: any Table
    /// What is read out of documents; the last of the virtual columns.
    package let paths: [PathColumn]
    package let parts: [any TablePart]
    package let virtualColumns: [TableColumn]
    package let statistics: TableStatistics

    init(_ inner: any Table, _ segments: [any SegmentPart], _ paths: [PathColumn]) {
        self.inner = inner
        self.paths = paths
        virtualColumns =
            inner.virtualColumns + paths.map { TableColumn(name: $0.title, type: $0.type) }
        let first = inner.columns.count + inner.virtualColumns.count
        parts = segments.map { PathPart($0, paths, firstColumn: first) }
        var statistics = inner.statistics
        while statistics.columns.count < first { statistics.columns.append(ColumnStatistics()) }
        for path in paths {
            statistics.columns.append(
                MergedStatistics.merge(segments.map(\.segment)) { segment in
                    PathAccess(path, segment).summary(rowCount: segment.rowCount)
                })
        }
        self.statistics = statistics
    }

    package var title: String { inner.title }
    package var columns: [TableColumn] { inner.columns }
    package var partGroups: [PartGroup] { inner.partGroups }
}

extension NativeTable {
    package func reading(_ paths: [PathColumn]) -> (any Table)? {
        PathTable(self, parts.compactMap { $0 as? any SegmentPart }, paths)
    }
}

/// Is a segment with paths of its documents.
private final class PathPart: TablePart {
    private let inner: any SegmentPart
    private let accesses: [PathAccess]
    private let firstColumn: Int

    init(_ inner: any SegmentPart, _ paths: [PathColumn], firstColumn: Int) {
        self.inner = inner
        self.firstColumn = firstColumn
        accesses = paths.map { PathAccess($0, inner.segment) }
    }

    var rowCount: Int { inner.rowCount }
    var hasOwnStatistics: Bool { true }
    var hiddenRows: RowSet? { inner.hiddenRows }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        guard column >= firstColumn else { return inner.statistics(ofColumn: column) }
        return accesses[column - firstColumn].summary(rowCount: rowCount).statistics
    }

    func zones(ofColumn column: Int, context: ScanContext) throws(StarlingError) -> [Zone]? {
        guard column >= firstColumn else {
            return try inner.zones(ofColumn: column, context: context)
        }
        return try accesses[column - firstColumn].answer?.zones(rowCount: rowCount)
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard column >= firstColumn else {
            return try inner.lacks(values, inColumn: column, context: context)
        }
        return try accesses[column - firstColumn].answer?.lacks(values) ?? false
    }

    func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]? {
        try inner.rows(having: values.filter { $0.column < firstColumn }, context: context)
    }

    func rows(
        passing condition: IndexCondition, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        let columns = inner.segment.columns
        let probe = IndexProbe(rowCount: rowCount) { [accesses, firstColumn] column in
            if column >= firstColumn { return accesses[column - firstColumn].answer?.indexes ?? [] }
            return columns.indices.contains(column) ? columns[column].indexes : []
        }
        return try probe.answer(condition)
    }

    func prefetch(columns: [Int]) { inner.prefetch(columns: columns.filter { $0 < firstColumn }) }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let own = columns.filter { $0.column < firstColumn }
        let reader = try inner.makeReader(columns: own, context: context)
        return try PathPartReader(
            reader, inner.segment, columns, firstColumn: firstColumn, accesses, context)
    }
}

/// Reads a segment with paths of its documents.
private final class PathPartReader: PartReader {
    private let inner: any PartReader
    /// Where the inner reader has each column, or the reader of the path that it is.
    private let sources: [Source]
    private let columns: [ReadColumn]
    private var window = 0..<0

    private enum Source {
        case column(Int)
        case path(PathReader)
    }

    init(
        _ inner: any PartReader, _ segment: Segment, _ columns: [ReadColumn], firstColumn: Int,
        _ accesses: [PathAccess], _ context: ScanContext
    ) throws(StarlingError) {
        self.inner = inner
        self.columns = columns
        var windows: [Int: DocumentWindow] = [:]
        var sources: [Source] = []
        var next = 0
        for column in columns {
            guard column.column >= firstColumn else {
                sources.append(.column(next))
                next += 1
                continue
            }
            let access = accesses[column.column - firstColumn]
            let position = access.path.column
            let window = windows[position] ?? DocumentWindow(segment.columns[position])
            windows[position] = window
            sources.append(.path(PathReader(access, window)))
            context.pathReads.note(access.path.title, isColumn: access.isColumn)
        }
        self.sources = sources
    }

    func expect(_ rows: RowRanges, late: Set<Int>) {}

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        window = row..<(row + count)
        try inner.moveWindow(to: row, count: count)
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        switch sources[position] {
        case .column(let place): try inner.read(place, selection: selection)
        case .path(let reader):
            try reader.read(window, selection, as: columns[position].physicalType)
        }
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        switch sources[position] {
        case .column(let place): try inner.dictionary(of: place)
        case .path(let reader): try reader.dictionary
        }
    }
}
