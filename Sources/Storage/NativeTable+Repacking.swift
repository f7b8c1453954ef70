// The same rows in other segments: small ones become large ones, rows that are gone give their space
// back, rows get into an order. Whoever reads sees nothing of it.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is what some segments of a snapshot are to become.
package struct RepackedGroup: Sendable {
    package var old: [Segment]
    /// All rows of the old ones that are not gone.
    package var new: [Segment]

    package init(old: [Segment], new: [Segment]) {
        self.old = old
        self.new = new
    }
}

extension NativeTable {
    /// Returns the snapshot with new segments in the place of old ones, and the groups for which
    /// that is so: of others some rows were changed meanwhile.
    package func repacked(
        _ groups: [RepackedGroup]
    ) -> (table: NativeTable, groups: [RepackedGroup]) {
        let present = segments.hiddenByPiece
        let partitions = segments.partitionByPiece
        let whole = groups.filter { group in
            group.old.allSatisfy { segment in
                segment.pieceRanges.allSatisfy { piece, rows in
                    present[piece.number] == segment.hidden?.part(rows) ?? RowSet()
                        && partitions[piece.number] == segment.partition?.number
                }
            }
        }
        guard !whole.isEmpty else { return (self, []) }
        var gone: Set<UInt64> = []
        var firsts: [UInt64: [Segment]] = [:]
        for group in whole {
            let numbers = group.old.flatMap(\.numbers)
            gone.formUnion(numbers)
            if let first = numbers.first { firsts[first] = group.new }
        }
        var segments: [Segment] = []
        for segment in self.segments {
            var hidden = segment.hidden ?? RowSet()
            let before = hidden.count
            for (piece, rows) in segment.pieceRanges where gone.contains(piece.number) {
                if let new = firsts[piece.number] {
                    segments += new.map { $0.placed(in: segment.partition) }
                }
                hidden.formUnion(RowSet(rows))
            }
            if hidden.count == before {
                segments.append(segment)
            } else if hidden.count < segment.rowCount {
                // Rows that came meanwhile were merged with small ones that go.
                segments.append(segment.hiding(hidden))
            }
        }
        return (repacked(as: segments), whole)
    }

    /// Packs the rows of segments that are not gone into new ones, in their order, and hands those to
    /// `store` as soon as they are full.
    package func packing(
        _ old: [Segment], for purpose: BlockPurpose,
        store: (Segment) throws(StarlingError) -> Segment
    ) throws(StarlingError) -> [Segment] {
        var collector = SegmentCollector(
            columns.map(\.type), pools, for: purpose, in: old.first?.partition,
            filtered: filteredColumns, shredding: shredding)
        var new: [Segment] = []
        for segment in old {
            try segment.read(into: &collector, columns) { segment.hidden?.contains($0) ?? false }
            for full in collector.takeSegments() { new.append(try store(full)) }
        }
        try collector.finish()
        for full in collector.takeSegments() { new.append(try store(full)) }
        return new
    }

    /// The bytes that packing holds: a segment's rows as they are read.
    package func packingByteCount(of old: [Segment]) -> Int {
        let rowCount = Swift.min(
            old.reduce(0) { $0 + $1.liveRowCount }, Segment.rowCountMax + chunkCapacity)
        return columns.reduce(0) { $0 + $1.type.widestPhysicalType.byteWidth * rowCount }
    }
}

extension [Segment] {
    /// The segments of each partition, in the order of their first ones.
    package var byPartition: [[Segment]] {
        var groups: [[Segment]] = []
        var places: [UInt32?: Int] = [:]
        for segment in self {
            let number = segment.partition?.number
            if let place = places[number] {
                groups[place].append(segment)
            } else {
                places[number] = groups.count
                groups.append([segment])
            }
        }
        return groups
    }

    /// The partition of each piece that is in one.
    fileprivate var partitionByPiece: [UInt64: UInt32] {
        var partitions: [UInt64: UInt32] = [:]
        for segment in self {
            guard let number = segment.partition?.number else { continue }
            for piece in segment.pieces { partitions[piece.number] = number }
        }
        return partitions
    }
}
