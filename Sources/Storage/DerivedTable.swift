// A snapshot with columns that it makes out of others, behind all of them: paths of its documents, and how
// well texts fit what is sought in them. What segments know of such a column excludes rows as it does for
// any column.

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

/// Is what a segment knows of a column that is made out of others.
protocol DerivedAccess: Sendable {
    /// What is known of the values without reading.
    func summary(rowCount: Int) -> ColumnSummary
    func zones(rowCount: Int, _ context: ScanContext) throws(StarlingError) -> [Zone]?
    func lacks(_ values: [Value]) throws(StarlingError) -> Bool
    /// What is known of the values beside.
    var indexes: [ColumnIndex] { get }
    /// What knows rows among which are all that have what is sought.
    var candidateIndexes: [ColumnIndex] { get }
}

extension DerivedAccess {
    var candidateIndexes: [ColumnIndex] { [] }
}

/// Gives the rows of a table with columns that are made out of its own.
package final class DerivedTable: Table {
    /// The table whose columns these are made of.
    package let inner: any Table
    /// The last of the virtual columns.
    package let derived: [DerivedColumn]
    package let parts: [any TablePart]
    package let virtualColumns: [TableColumn]
    package let statistics: TableStatistics
    private let segments: [any SegmentPart]
    private let forecasts = IndexForecasts()

    init(_ inner: any Table, _ segments: [any SegmentPart], _ derived: [DerivedColumn]) {
        self.inner = inner
        self.derived = derived
        self.segments = segments
        virtualColumns =
            inner.virtualColumns + derived.map { TableColumn(name: $0.title, type: $0.type) }
        let first = inner.columns.count + inner.virtualColumns.count
        parts = segments.map { DerivedPart($0, derived, firstColumn: first) }
        var statistics = inner.statistics
        while statistics.columns.count < first { statistics.columns.append(ColumnStatistics()) }
        for column in derived {
            switch column {
            case .path(let path):
                statistics.columns.append(
                    MergedStatistics.merge(segments.map(\.segment)) { segment in
                        PathAccess(path, segment).summary(rowCount: segment.rowCount)
                    })
            case .score: statistics.columns.append(ColumnStatistics())
            }
        }
        self.statistics = statistics
    }

    package var title: String { inner.title }
    package var columns: [TableColumn] { inner.columns }
    package var partGroups: [PartGroup] { inner.partGroups }

    package func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool { true }

    package func forecast(of condition: IndexCondition) -> IndexForecast? {
        forecasts.forecast(
            of: condition, parts, { ($0 as? DerivedPart)?.probe(RowRanges(0..<$0.rowCount)) },
            title: { (columns + virtualColumns)[$0].name })
    }

    package func reading(_ columns: [DerivedColumn]) -> (any Table)? {
        DerivedTable(inner, segments, derived + columns)
    }
}

extension NativeTable {
    package func forecast(of condition: IndexCondition) -> IndexForecast? {
        forecasts.forecast(
            of: condition, visible, { ($0 as? Segment)?.probe(RowRanges(0..<$0.rowCount)) },
            title: { columns[$0].name })
    }

    package func derives(_ kind: DerivedColumn.Kind, fromColumn column: Int) -> Bool { true }

    package func reading(_ columns: [DerivedColumn]) -> (any Table)? {
        DerivedTable(self, parts.compactMap { $0 as? any SegmentPart }, columns)
    }
}

/// Is a segment with columns that are made out of its own.
private final class DerivedPart: TablePart {
    private let inner: any SegmentPart
    private let firstColumn: Int
    private let accesses: [any DerivedAccess]

    init(_ inner: any SegmentPart, _ columns: [DerivedColumn], firstColumn: Int) {
        self.inner = inner
        self.firstColumn = firstColumn
        var accesses: [any DerivedAccess] = []
        for column in columns {
            switch column {
            case .path(let path): accesses.append(PathAccess(path, inner.segment))
            case .score(let score):
                let indexes =
                    score.column >= firstColumn
                    ? accesses[score.column - firstColumn].indexes
                    : inner.segment.columns[score.column].indexes
                accesses.append(ScoreAccess(score, indexes))
            }
        }
        self.accesses = accesses
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
        return try accesses[column - firstColumn].zones(rowCount: rowCount, context)
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard column >= firstColumn else {
            return try inner.lacks(values, inColumn: column, context: context)
        }
        return try accesses[column - firstColumn].lacks(values)
    }

    func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]? {
        try inner.rows(having: values.filter { $0.column < firstColumn }, context: context)
    }

    func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        try probe(ranges).answer(condition)
    }

    func probe(_ ranges: RowRanges) -> IndexProbe {
        let columns = inner.segment.columns
        return IndexProbe(
            rowCount: rowCount, ranges: ranges,
            candidates: { [accesses, firstColumn] column in
                column >= firstColumn ? accesses[column - firstColumn].candidateIndexes : []
            },
            indexes: { [accesses, firstColumn] column in
                if column >= firstColumn { return accesses[column - firstColumn].indexes }
                return columns.indices.contains(column) ? columns[column].indexes : []
            })
    }

    func rows(
        ofColumn column: Int, within ranges: RowRanges, context: ScanContext,
        areWanted: (ColumnStatistics) -> Bool
    ) throws(StarlingError) -> [UInt32]? {
        guard column >= firstColumn,
            let access = accesses[column - firstColumn] as? ScoreAccess
        else { return nil }
        return try access.rows(within: ranges, context, areWanted)
    }

    func prefetch(_ columns: [ReadColumn]) {
        inner.prefetch(columns.filter { $0.column < firstColumn })
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let own = columns.filter { $0.column < firstColumn }
        let reader = try inner.makeReader(columns: own, context: context)
        return try DerivedPartReader(
            reader, inner.segment, columns, firstColumn: firstColumn, accesses, context
        ) { (score) throws(StarlingError) in
            let texts = ReadColumn(column: score.column, physicalType: score.layout)
            return try self.makeReader(columns: [texts], context: context)
        }
    }
}

/// Reads a segment with columns that are made out of its own.
private final class DerivedPartReader: PartReader {
    private let inner: any PartReader
    /// Where the inner reader has each column, or what makes it.
    private let sources: [Source]
    private let columns: [ReadColumn]
    private var window = 0..<0

    private enum Source {
        case column(Int)
        case path(PathReader)
        case score(ScoreReader)
    }

    /// Reads texts that have to be scored with what `openTexts` gives for them.
    init(
        _ inner: any PartReader, _ segment: Segment, _ columns: [ReadColumn], firstColumn: Int,
        _ accesses: [any DerivedAccess], _ context: ScanContext,
        openTexts: @escaping (ScoreColumn) throws(StarlingError) -> any PartReader
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
            switch accesses[column.column - firstColumn] {
            case let access as PathAccess:
                let position = access.path.column
                let window = windows[position] ?? DocumentWindow(segment.columns[position])
                windows[position] = window
                sources.append(.path(PathReader(access, window)))
                context.pathReads.note(access.path.title, in: access.reads)
            case let access as ScoreAccess:
                let reader = try ScoreReader(access, context) { () throws(StarlingError) in
                    try openTexts(access.score)
                }
                sources.append(.score(reader))
            default: throw StarlingError(.internal, "a column is made of nothing")
            }
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
        case .column(let place): return try inner.read(place, selection: selection)
        case .path(let reader):
            return try reader.read(window, selection, as: columns[position].physicalType)
        case .score(let reader): return try reader.read(window, selection)
        }
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        switch sources[position] {
        case .column(let place): try inner.dictionary(of: place)
        case .path(let reader): try reader.dictionary
        case .score: nil
        }
    }
}
