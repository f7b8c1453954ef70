// Rows that go take their segments with them: what stays of those is packed anew. A segment never
// changes, and reading never has to look for rows that are gone.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Returns the segments that lose rows, and new ones of the rows that stay of them.
    package func losing(
        _ rows: RowNumbers, for purpose: BlockPurpose
    ) throws(StarlingError) -> (old: [Segment], new: [Segment]) {
        var collector = SegmentCollector(columns.map(\.type), pools, for: purpose)
        var old: [Segment] = []
        for place in rows.segments where place < segments.count {
            let segment = segments[place]
            old.append(segment)
            try segment.read(into: &collector, columns) {
                rows.contains(segment: place, row: $0)
            }
        }
        try collector.finish()
        return (old, collector.takeSegments())
    }

    /// Returns the snapshot without some of its segments; nil where it does not have them all.
    package func removing(_ old: [Segment]) -> NativeTable? {
        let gone = Set(old.map(ObjectIdentifier.init))
        let rest = segments.filter { !gone.contains(ObjectIdentifier($0)) }
        return rest.count == segments.count - gone.count ? having(rest) : nil
    }
}

extension Segment {
    /// Adds the rows to a collector, but for those that `isGone` names.
    func read(
        into collector: inout SegmentCollector, _ table: [TableColumn],
        except isGone: (Int) -> Bool
    ) throws(StarlingError) {
        for start in stride(from: 0, to: rowCount, by: chunkCapacity) {
            let rows = start..<min(start + chunkCapacity, rowCount)
            var selection = Selection()
            for row in rows where !isGone(row) {
                selection.rows[selection.count] = UInt16(row - start)
                selection.count += 1
            }
            guard selection.count > 0 else { continue }
            var vectors: [Vector] = []
            for (column, known) in zip(columns, table) {
                // Blocks of before the column was made wider are narrower.
                vectors.append(
                    try column.block().read(
                        rows, selection, as: known.type.widestPhysicalType))
            }
            try collector.append(Chunk(columns: vectors, count: selection.count))
        }
    }
}
