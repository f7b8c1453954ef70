// A table that lives in memory: what CREATE TABLE makes in a database without a path. Each commit
// makes a new snapshot that shares the parts of the old one.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is one snapshot of a table in memory.
package final class MemoryTable: Table {
    package let name: String
    package let columns: [TableColumn]
    package let segments: [MemorySegment]
    package let statistics: TableStatistics

    package init(name: String, columns: [TableColumn], segments: [MemorySegment] = []) {
        self.name = name
        self.columns = columns
        self.segments = segments
        statistics = Self.merge(segments, columnCount: columns.count)
    }

    package var title: String { "table \(name)" }
    package var parts: [any TablePart] { segments }

    /// Returns the snapshot with more rows.
    package func appending(_ chunks: [Chunk]) -> MemoryTable {
        var collector = SegmentCollector(columns.map(\.type))
        for chunk in chunks { collector.append(chunk) }
        collector.finish()
        return appending(collector.segments)
    }

    /// Returns the snapshot with more segments.
    package func appending(_ new: [MemorySegment]) -> MemoryTable {
        MemoryTable(name: name, columns: columns, segments: segments + new)
    }

    private static func merge(_ segments: [MemorySegment], columnCount: Int) -> TableStatistics {
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
