// A table of our own: what CREATE TABLE makes. Each commit makes a new snapshot that shares the
// segments of the old one.

import StarlingErrors
import StarlingKernels
import StarlingMemory
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

    package init(
        name: String, columns: [TableColumn], segments: [Segment] = [],
        pools: [DictionaryPool]? = nil
    ) {
        self.name = name
        self.columns = columns
        self.segments = segments
        self.pools = pools ?? columns.map { _ in DictionaryPool() }
        statistics = Self.merge(segments, columnCount: columns.count)
    }

    package var title: String { "table \(name)" }
    package var parts: [any TablePart] { segments }

    /// Returns the snapshot with more rows.
    package func appending(_ chunks: [Chunk]) throws(StarlingError) -> NativeTable {
        var collector = SegmentCollector(columns.map(\.type), pools)
        for chunk in chunks { try collector.append(chunk) }
        try collector.finish()
        return appending(collector.segments)
    }

    /// Returns the snapshot without rows.
    package func emptied() -> NativeTable {
        NativeTable(name: name, columns: columns, pools: pools)
    }

    /// Returns the snapshot with more segments.
    package func appending(_ new: [Segment]) -> NativeTable {
        NativeTable(name: name, columns: columns, segments: segments + new, pools: pools)
    }

    private static func merge(_ segments: [Segment], columnCount: Int) -> TableStatistics {
        var result = TableStatistics(
            rowCount: segments.reduce(0) { $0 + $1.rowCount },
            columns: Array(repeating: ColumnStatistics(nullCount: 0), count: columnCount))
        for position in 0..<columnCount {
            var bounds: Bounds?
            var isKnown = true
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
