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
    /// Tells whether they lie in the order in which they lay.
    private let keepsOrder: Bool

    package init(old: [Segment], new: [Segment], keepsOrder: Bool) {
        self.old = old
        self.new = new
        self.keepsOrder = keepsOrder
    }

    /// Tells whether the rows keep the numbers of their pieces; then a table has either these segments or
    /// the old ones, and nothing of both.
    private var keepsNumbers: Bool {
        let numbers = Set(old.flatMap(\.numbers))
        return new.contains { $0.numbers.contains(where: numbers.contains) }
    }

    /// Tells whether a table whose segments are of these pieces can have the new segments in the place
    /// of the old ones.
    fileprivate func fits(_ segments: Set<[UInt64]>) -> Bool {
        !keepsNumbers || old.allSatisfy { segments.contains($0.numbers) }
    }

    /// Returns the group as it is where some of the rows went meanwhile; nil where the old segments
    /// are not there any more, or nobody knows where their rows are now.
    fileprivate func without(rowsGoneIn present: [UInt64: RowSet]) -> RepackedGroup? {
        var gone: [Int] = []
        var start = 0
        for segment in old {
            let before = segment.hidden ?? RowSet()
            for (piece, range) in segment.pieceRanges {
                guard let now = present[piece.number] else { return nil }
                let known = before.part(range)
                guard now != known else { continue }
                guard keepsOrder, known.rows(notIn: now).isEmpty else { return nil }
                gone += now.rows(notIn: known).map { row in
                    let place = range.lowerBound + row
                    return start + place - before.count(in: 0..<place)
                }
            }
            start += segment.liveRowCount
        }
        return gone.isEmpty ? self : hiding(gone)
    }

    /// Hides rows by their places among all new ones, ascending; nil where a segment lost its last.
    private func hiding(_ places: [Int]) -> RepackedGroup? {
        var group = self
        var rest = places[...]
        var start = 0
        for (number, segment) in new.enumerated() {
            let end = start + segment.rowCount
            let own = rest.prefix { $0 < end }
            rest = rest.dropFirst(own.count)
            guard own.count < segment.rowCount else { return nil }
            if !own.isEmpty { group.new[number] = segment.hiding(RowSet(own.map { $0 - start })) }
            start = end
        }
        return rest.isEmpty ? group : nil
    }
}

extension NativeTable {
    /// Returns the snapshot with new segments in the place of old ones, and the groups for which
    /// that is so, without rows that went meanwhile: of others nobody knows where these are now.
    package func repacked(
        _ groups: [RepackedGroup]
    ) -> (table: NativeTable, groups: [RepackedGroup]) {
        let present = segments.hiddenByPiece
        let partitions = segments.partitionByPiece
        let numbers = Set(segments.map(\.numbers))
        let whole = groups.compactMap { group -> RepackedGroup? in
            let areThere = group.old.allSatisfy { segment in
                segment.pieces.allSatisfy {
                    partitions[$0.number] == segment.partition?.number
                }
            }
            guard areThere, group.fits(numbers) else { return nil }
            return group.without(rowsGoneIn: present)
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
