// A table of our own: what CREATE TABLE makes. Each commit makes a new snapshot that shares the
// segments of the old one.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is one snapshot of a table.
package final class NativeTable: Table {
    package let name: String
    package let columns: [TableColumn]
    package let segments: [Segment]
    package let statistics: TableStatistics

    /// The dictionaries that the segments share, a pool a column.
    package let pools: [DictionaryPool]
    private let identity: Identity

    /// Is the same for all snapshots of a table, and for no other.
    private final class Identity: Sendable {}

    package convenience init(name: String, columns: [TableColumn], segments: [Segment] = []) {
        self.init(
            name: name, columns: columns, segments: segments,
            pools: columns.map { _ in DictionaryPool() }, identity: Identity())
    }

    private init(
        name: String, columns: [TableColumn], segments: [Segment], pools: [DictionaryPool],
        identity: Identity
    ) {
        self.name = name
        self.columns = columns
        self.segments = segments
        self.pools = pools
        self.identity = identity
        statistics = Self.merge(segments, columnCount: columns.count)
    }

    package var title: String { "table \(name)" }
    package var parts: [any TablePart] { segments }

    /// Tells whether both are snapshots of one table.
    package func isSameTable(as other: NativeTable) -> Bool { identity === other.identity }

    /// Packs rows into segments for the table.
    package func segments(
        of chunks: [Chunk], for purpose: BlockPurpose = .memory
    ) throws(StarlingError) -> [Segment] {
        var collector = SegmentCollector(columns.map(\.type), pools, for: purpose)
        for chunk in chunks { try collector.append(chunk) }
        try collector.finish()
        return collector.segments
    }

    /// Returns the snapshot with more rows.
    package func appending(_ chunks: [Chunk]) throws(StarlingError) -> NativeTable {
        try appending(segments(of: chunks))
    }

    /// Returns the snapshot without rows.
    package func emptied() -> NativeTable { having([]) }

    /// Returns the snapshot with more segments.
    package func appending(_ new: [Segment]) throws(StarlingError) -> NativeTable {
        having(try Segment.merging(segments, new, columns, pools))
    }

    /// Returns the snapshot with these rows.
    package func having(_ segments: [Segment]) -> NativeTable {
        NativeTable(
            name: name, columns: columns, segments: segments, pools: pools, identity: identity)
    }

    private static func merge(_ segments: [Segment], columnCount: Int) -> TableStatistics {
        var result = TableStatistics(
            rowCount: segments.reduce(0) { $0 + $1.rowCount },
            columns: Array(repeating: ColumnStatistics(nullCount: 0), count: columnCount))
        for position in 0..<columnCount {
            var bounds: Bounds?
            var isKnown = true
            // Segments tend to have the same values: there are at least as many as in one of them.
            result.columns[position].estimatedDistinctCount = segments.compactMap {
                $0.statistics(ofColumn: position).estimatedDistinctCount
            }.max()
            for segment in segments {
                let statistics = segment.statistics(ofColumn: position)
                result.columns[position].nullCount! += statistics.nullCount ?? 0
                guard statistics.nullCount != segment.rowCount else { continue }
                if let own = statistics.bounds {
                    bounds = bounds?.union(own) ?? own
                } else {
                    isKnown = false
                }
            }
            if isKnown, let bounds {
                result.columns[position].low = .integer(bounds.low)
                result.columns[position].high = .integer(bounds.high)
            }
        }
        return result
    }
}
