// Partitions of a table: which of them rows that come belong to, reading some of them, and what a
// commit did to them.

import StarlingBlocks
import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Finds the partitions that segments belong to by now. Another session may have made the same
    /// ones meanwhile; those that nobody has made yet come to be.
    func settling(
        _ segments: [Segment]
    ) throws(StarlingError) -> (PartitionSet?, [Segment]) {
        guard var set = partitions else { return (nil, segments) }
        var settled: [Segment] = []
        var known: [UInt32: TablePartition] = [:]
        var new: [TablePartition] = []
        for segment in segments {
            guard let wanted = segment.partition else {
                settled.append(segment)
                continue
            }
            if known[wanted.number] == nil {
                var partition = set.counterpart(of: wanted)
                if partition == nil {
                    guard set.isAutomatic, !wanted.isTemporary else {
                        throw StarlingError(
                            .data,
                            "another session has dropped partition '\(wanted.name)' of '\(name)' "
                                + "meanwhile; run it again")
                    }
                    var made = wanted
                    made.name = freeName(like: wanted.name, set, new)
                    new.append(made)
                    partition = made
                }
                known[wanted.number] = partition
            }
            settled.append(segment.placed(in: known[wanted.number]))
        }
        if !new.isEmpty { set = set.having(set.partitions + new) }
        return (set, settled)
    }

    private func freeName(
        like name: String, _ set: PartitionSet, _ new: [TablePartition]
    ) -> String {
        func isFree(_ name: String) -> Bool {
            set.isFree(name) && !new.contains { $0.name.lowercased() == name.lowercased() }
        }
        guard !isFree(name) else { return name }
        var number = 2
        while !isFree("\(name)_\(number)") { number += 1 }
        return "\(name)_\(number)"
    }

    /// Packs what several workers have left over of each partition together, and hands over segment
    /// by segment.
    package func pack(
        _ rows: [(partition: TablePartition?, rows: Chunk)], for purpose: BlockPurpose,
        _ receive: (Segment) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let groups = Dictionary(grouping: rows) { $0.partition?.number ?? 0 }
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            var collector = SegmentCollector(
                columns.map(\.type), pools, for: purpose, in: group[0].partition,
                filtered: filteredColumns, shredding: shredding)
            for part in group { try collector.append(part.rows) }
            try collector.finish()
            for segment in collector.takeSegments() { try receive(segment) }
        }
    }

    // MARK: Some of the partitions

    /// Finds partitions by their names.
    package func partitions(
        named names: [String], isTemporary: Bool
    ) throws(StarlingError) -> [TablePartition] {
        guard let partitions else {
            throw StarlingError(.binding, "'\(name)' has no partitions")
        }
        var result: [TablePartition] = []
        for wanted in names {
            if let found = partitions.partition(named: wanted, isTemporary: isTemporary) {
                if !result.contains(found) { result.append(found) }
                continue
            }
            let others = partitions.partitions.filter { $0.isTemporary == isTemporary }.map(\.name)
            let kind = isTemporary ? "temporary partition" : "partition"
            throw StarlingError(
                .binding,
                "'\(name)' has no \(kind) '\(wanted)'"
                    + (nearestName(to: wanted, among: others).map { "; did you mean '\($0)'?" }
                        ?? "; SHOW PARTITIONS FROM \(name) lists them"))
        }
        return result
    }

    /// Returns the rows of some partitions, to be read.
    package func restricted(to partitions: [TablePartition]) -> NativeTable {
        let numbers = Set(partitions.map(\.number))
        let read = segments.filter { segment in
            segment.partition.map { numbers.contains($0.number) } ?? false
        }
        let shown = partitions.map { partition in
            var partition = partition
            partition.isTemporary = false
            return partition
        }
        return having(
            self.partitions?.having(shown),
            read.map { segment in
                segment.placed(in: shown.first { $0.number == segment.partition?.number })
            })
    }

    /// Returns the snapshot without the rows of some partitions, and the numbers of the segments
    /// that go.
    package func emptied(
        _ partitions: Set<UInt32>
    ) -> (table: NativeTable, gone: [UInt64]) {
        let gone = segments.filter { segment in
            segment.partition.map { partitions.contains($0.number) } ?? false
        }
        guard !gone.isEmpty else { return (self, []) }
        let kept = segments.filter { segment in
            !(segment.partition.map { partitions.contains($0.number) } ?? false)
        }
        return (having(kept), gone.flatMap(\.numbers))
    }

    /// Returns the snapshot with other partitions; segments whose own is not among them stay out.
    package func having(_ set: PartitionSet) -> NativeTable {
        having(
            set,
            segments.compactMap { segment in
                guard let own = segment.partition else { return segment }
                return set[own.number].map { segment.placed(in: $0) }
            }.sorted { place(of: $0, set) < place(of: $1, set) })
    }

    private func place(of segment: Segment, _ set: PartitionSet) -> Int {
        segment.partition.map { set.place(of: $0.number) } ?? -1
    }
}

extension TableName {
    /// The changes that make the partitions of a snapshot those of a later one, and say to which of
    /// them segments belong that the commit adds.
    package func changes(
        ofPartitions before: PartitionSet?, to after: PartitionSet?, placing segments: [Segment]
    ) -> [Change] {
        guard let after else { return [] }
        var changes: [Change] = []
        let gone = (before?.partitions ?? []).filter { after[$0.number] == nil }
        if !gone.isEmpty { changes.append(.partitionRemoval(self, numbers: gone.map(\.number))) }
        for partition in after.partitions where before?[partition.number] != partition {
            changes.append(.partition(self, partition))
        }
        var placed: [UInt32: [UInt64]] = [:]
        for segment in segments {
            guard let own = segment.partition, let partition = after.counterpart(of: own) else {
                continue
            }
            placed[partition.number, default: []] += segment.numbers
        }
        for (number, segments) in placed.sorted(by: { $0.key < $1.key }) {
            changes.append(.placement(self, partition: number, segments: segments))
        }
        return changes
    }
}
