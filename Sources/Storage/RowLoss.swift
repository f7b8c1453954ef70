// Rows that go. A segment never changes: its rows are hidden, by a set that reading passes over. One
// that loses most of its rows goes itself, and what stays of it is packed anew.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is what a statement takes away from the rows of a snapshot.
package struct RowLoss: Sendable {
    /// Segments that go.
    package var old: [Segment] = []
    /// Rows of others that are hidden, by the numbers of the segments that they came in.
    package var hidden: [UInt64: RowSet] = [:]

    package init() {}

    package var isEmpty: Bool { old.isEmpty && hidden.isEmpty }
}

extension NativeTable {
    /// Returns the snapshot without rows, all segments of which stay.
    package func hiding(_ rows: RowNumbers) -> NativeTable {
        having(
            segments.enumerated().map { place, segment in
                guard let more = rows.sets[place] else { return segment }
                var hidden = segment.hidden ?? RowSet()
                hidden.formUnion(more)
                return segment.hiding(hidden)
            })
    }

    /// Returns the snapshot with these rows alone, all segments of which stay.
    package func showing(_ rows: RowNumbers) -> NativeTable {
        having(
            segments.enumerated().map { place, segment in
                var hidden = RowSet(0..<segment.rowCount)
                for row in rows.sets[place]?.rows ?? [] { hidden.remove(row) }
                return segment.hiding(hidden)
            })
    }

    /// Finds out how to take rows away; returns new segments, too, of rows that only move.
    package func losing(
        _ rows: RowNumbers, for purpose: BlockPurpose
    ) throws(StarlingError) -> (loss: RowLoss, moved: [Segment]) {
        var moved = PartitionCollectors(
            columns.map(\.type), pools, for: purpose, filtered: filteredColumns,
            shredding: shredding)
        var loss = RowLoss()
        for (place, gone) in rows.sets.sorted(by: { $0.key < $1.key })
        where place < segments.count {
            let segment = segments[place]
            // What moves is in the changes between two versions, so it is to be little.
            if (gone.count + (segment.hidden?.count ?? 0)) * 4 > segment.rowCount * 3 {
                loss.old.append(segment)
                try moved.collect(in: segment.partition) { (collector) throws(StarlingError) in
                    try segment.read(into: &collector, columns) {
                        gone.contains($0) || segment.hidden?.contains($0) ?? false
                    }
                }
                continue
            }
            for (piece, range) in segment.pieceRanges {
                let part = segment.pieces.count == 1 ? gone : gone.part(range)
                if !part.isEmpty { loss.hidden[piece.number] = part }
            }
        }
        try moved.finish()
        return (loss, moved.takeSegments())
    }

    /// Returns the snapshot without rows, and the numbers of segments that lost their last one by
    /// being hidden; nil where some of the rows are not there any more.
    package func without(_ loss: RowLoss) -> (table: NativeTable, emptied: [UInt64])? {
        let old = Set(loss.old.flatMap(\.numbers))
        var hiddenCount: [UInt64: Int] = [:]
        for segment in loss.old {
            for (piece, range) in segment.pieceRanges {
                hiddenCount[piece.number] = segment.hidden?.count(in: range) ?? 0
            }
        }
        var wanted = loss.hidden
        var emptied: [UInt64] = []
        var kept: [Segment] = []
        for segment in segments {
            var hidden = segment.hidden ?? RowSet()
            var isChanged = false
            for (piece, range) in segment.pieceRanges {
                if old.contains(piece.number) {
                    // All of what is packed anew must still be there, and no more.
                    guard hiddenCount.removeValue(forKey: piece.number) == hidden.count(in: range)
                    else { return nil }
                    hidden.formUnion(RowSet(range))
                    isChanged = true
                } else if let more = wanted.removeValue(forKey: piece.number) {
                    let before = hidden.count
                    hidden.formUnion(more, from: range.lowerBound)
                    guard hidden.count == before + more.count else { return nil }
                    if hidden.count >= piece.rowCount, hidden.count(in: range) == piece.rowCount {
                        emptied.append(piece.number)
                    }
                    isChanged = true
                }
            }
            guard isChanged else {
                kept.append(segment)
                continue
            }
            if hidden.count < segment.rowCount { kept.append(segment.hiding(hidden)) }
        }
        guard hiddenCount.isEmpty, wanted.isEmpty else { return nil }
        return (having(kept), emptied)
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
                    try column.read(
                        rows, selection, as: known.type.widestPhysicalType))
            }
            try collector.append(Chunk(columns: vectors, count: selection.count))
        }
    }
}
