import StarlingStorage

/// Notes what a commit did to the partitions of a table, for the log.
///
/// It is noted where the commit is made, and read where it is recorded, by the same thread.
final class PartitionRecord {
    /// What goes before other changes of the commit.
    private(set) var removals: [Change] = []
    /// What follows them.
    private(set) var changes: [Change] = []

    /// Notes how one snapshot became another; `gone` are the segments that went with partitions.
    func note(
        _ before: NativeTable, _ after: NativeTable, placing segments: [Segment],
        gone: [UInt64] = [], _ writer: SegmentWriter?
    ) {
        guard let writer else { return }
        let dropped = Set(
            (before.partitions?.partitions ?? []).map(\.number).filter {
                after.partitions?[$0] == nil
            })
        removals = writer.removal(of: gone + before.emptied(dropped).gone)
        changes = writer.changes(
            ofPartitions: before.partitions, to: after.partitions, placing: segments)
        // Rows may come to a partition that is not kept any longer.
        let lost = segments.filter { segment in
            segment.partition.map { after.partitions?.counterpart(of: $0) == nil } ?? false
        }
        changes += writer.removal(of: lost.flatMap(\.numbers))
    }
}

/// Says which rows go where others come.
enum Overwriting: Equatable {
    case nothing
    case everything
    /// Those of partitions with these numbers.
    case partitions(Set<UInt32>)
    /// Those of the partitions that rows come to.
    case partitionsThatCome
}

extension NativeTable {
    /// Returns the snapshot without the rows that go, and the segments that the log does not know to
    /// be gone otherwise.
    func left(
        by overwriting: Overwriting, of coming: [Segment]
    ) -> (table: NativeTable, gone: [UInt64]) {
        switch overwriting {
        case .nothing: return (self, [])
        case .everything: return (emptied(), [])
        case .partitions(let numbers): return emptied(numbers)
        case .partitionsThatCome:
            let numbers = coming.compactMap { segment in
                segment.partition.flatMap { partitions?.counterpart(of: $0)?.number }
            }
            return emptied(Set(numbers))
        }
    }
}
