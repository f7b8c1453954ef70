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
    /// What the log calls the segments that these rows came in; none for rows in memory only.
    package let numbers: [UInt64]
    /// The file that has the rows as they are here; nil where the log or only memory has them.
    package let place: SegmentPlace?

    package init(
        columns: [SegmentColumn], rowCount: Int, numbers: [UInt64] = [],
        place: SegmentPlace? = nil
    ) {
        self.columns = columns
        self.rowCount = rowCount
        self.numbers = numbers
        self.place = place
    }

    package func statistics(ofColumn column: Int) -> ColumnStatistics {
        columns[column].statistics
    }

    package func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        guard let bounds = try columns[column].block().bounds else { return nil }
        return bounds.enumerated().map { run, bounds in
            Zone(
                rows: (run * packedCount)..<min((run + 1) * packedCount, rowCount),
                statistics: ColumnStatistics(low: .integer(bounds.low), high: .integer(bounds.high))
            )
        }
    }

    package func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try SegmentReader(self, columns)
    }
}

/// Reads a segment in windows.
private final class SegmentReader: PartReader {
    private let blocks: [ColumnBlock]
    private let columns: [ReadColumn]
    private var window = 0..<0

    init(_ segment: Segment, _ columns: [ReadColumn]) throws(StarlingError) {
        self.columns = columns
        var blocks: [ColumnBlock] = []
        for column in columns { blocks.append(try segment.columns[column.column].block()) }
        self.blocks = blocks
    }

    func moveWindow(to row: Int, count: Int) { window = row..<(row + count) }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        try blocks[position].read(window, selection, as: columns[position].physicalType)
    }

    func dictionary(of position: Int) -> VectorDictionary? { blocks[position].dictionary }
}
