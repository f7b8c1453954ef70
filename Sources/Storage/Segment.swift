// Rows of a table that never change: encoded blocks, one a column.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds up to `rowCountMax` rows of a table.
package final class Segment: TablePart {
    package static let rowCountMax = 131_072

    package let columns: [SegmentColumn]
    package let rowCount: Int
    package let hasOwnStatistics = true
    /// The segments that these rows came in, one behind the other.
    package let pieces: [SegmentPiece]
    /// The file that has the rows as they are here; nil where the log or only memory has them.
    package let place: SegmentPlace?
    /// Rows that are gone.
    package let hidden: RowSet?
    /// The partition that the rows are of; nil in tables without any.
    package let partition: TablePartition?
    /// Finds rows by the key of the table.
    let keys: SegmentKeys

    package convenience init(columns: [SegmentColumn], rowCount: Int) {
        self.init(columns: columns, rowCount: rowCount, pieces: [.passing(rowCount)])
    }

    init(
        columns: [SegmentColumn], rowCount: Int, pieces: [SegmentPiece],
        place: SegmentPlace? = nil, hidden: RowSet? = nil, partition: TablePartition? = nil,
        keys: SegmentKeys = SegmentKeys()
    ) {
        self.columns = columns
        self.rowCount = rowCount
        self.pieces = pieces
        self.place = place
        self.hidden = hidden.flatMap { $0.isEmpty ? nil : $0 }
        self.partition = partition
        self.keys = keys
    }

    package var hiddenRows: RowSet? { hidden }

    /// Counts the rows that are not gone.
    package var liveRowCount: Int { rowCount - (hidden?.count ?? 0) }

    /// What the log calls the segments that these rows came in.
    package var numbers: [UInt64] { pieces.map(\.number) }

    /// The pieces, each with its rows.
    var pieceRanges: [(piece: SegmentPiece, rows: Range<Int>)] {
        var end = 0
        return pieces.map { piece in
            defer { end += piece.rowCount }
            return (piece, end..<(end + piece.rowCount))
        }
    }

    /// The bytes of the segment in its file, or of its blocks in memory.
    package var storedByteCount: Int {
        if case .file(_, _, let byteCount)? = place { return byteCount }
        return columns.reduce(0) { $0 + ((try? $1.byteCount()) ?? 0) }
    }

    // MARK: The same rows otherwise

    /// Returns the same rows under the number that the log has for them.
    func numbered(_ number: UInt64) -> Segment {
        Segment(
            columns: columns, rowCount: rowCount,
            pieces: [SegmentPiece(number: number, rowCount: rowCount)], place: place,
            hidden: hidden, partition: partition, keys: keys)
    }

    /// Returns the same rows as those of several segments, one behind the other; nil where these do
    /// not have as many.
    package func regarded(as pieces: [SegmentPiece]) -> Segment? {
        guard pieces.reduce(0, { $0 + $1.rowCount }) == rowCount else { return nil }
        return Segment(
            columns: columns, rowCount: rowCount, pieces: pieces, place: place, hidden: hidden,
            partition: partition, keys: keys)
    }

    /// Returns the same rows as they lie in a file; those in the log are in memory, too.
    func placed(at place: SegmentPlace) -> Segment {
        guard case .file = place else { return self }
        return Segment(
            columns: columns, rowCount: rowCount, pieces: pieces, place: place, hidden: hidden,
            partition: partition, keys: keys)
    }

    /// Returns the rows without those that are gone by now.
    package func hiding(_ hidden: RowSet) -> Segment {
        Segment(
            columns: columns, rowCount: rowCount, pieces: pieces, place: place, hidden: hidden,
            partition: partition, keys: keys)
    }

    /// Returns the rows with other columns.
    func having(_ columns: [SegmentColumn]) -> Segment {
        Segment(
            columns: columns, rowCount: rowCount, pieces: pieces, place: place, hidden: hidden,
            partition: partition, keys: keys)
    }

    /// Returns the rows as those of a partition.
    package func placed(in partition: TablePartition?) -> Segment {
        Segment(
            columns: columns, rowCount: rowCount, pieces: pieces, place: place, hidden: hidden,
            partition: partition, keys: keys)
    }

    package func statistics(ofColumn column: Int) -> ColumnStatistics {
        columns[column].statistics
    }

    package func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        try columns[column].zones(rowCount: rowCount)
    }

    package func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        try columns[column].lacks(values)
    }

    package func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try checkOpen()
        return SegmentReader(self, columns)
    }
}

extension SegmentColumn {
    /// Returns the statistics of each so many rows; nil where none are known.
    func zones(rowCount: Int) throws(StarlingError) -> [Zone]? {
        let block = try block()
        let zones: [ColumnStatistics]
        if statistics.low != nil, let bounds = block.textBounds {
            zones = bounds.map { ColumnStatistics(low: $0.low, high: $0.high) }
        } else if let bounds = block.bounds {
            zones = bounds.map {
                ColumnStatistics(low: .integer($0.low), high: .integer($0.high))
            }
        } else {
            return nil
        }
        return zones.enumerated().map { run, statistics in
            Zone(
                rows: (run * packedCount)..<min((run + 1) * packedCount, rowCount),
                statistics: statistics)
        }
    }
}

/// Reads a segment in windows.
private final class SegmentReader: PartReader {
    private let readers: [SegmentColumnReader]
    private let columns: [ReadColumn]
    private var window = 0..<0

    init(_ segment: Segment, _ columns: [ReadColumn]) {
        self.columns = columns
        readers = columns.map { SegmentColumnReader(segment.columns[$0.column]) }
    }

    func moveWindow(to row: Int, count: Int) { window = row..<(row + count) }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        try readers[position].read(window, selection, as: columns[position].physicalType)
    }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        try readers[position].dictionary
    }
}
