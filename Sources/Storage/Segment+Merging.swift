// Small commits make small segments. They are merged as a binary counter counts, so that a table of
// n rows has few of them and each row is encoded again at most log n times.

import StarlingBlocks
import StarlingErrors
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

extension Segment {
    /// Larger ones stay as they are.
    private static let mergedRowCountMax = 32_768

    /// Adds segments behind others of their partitions, and merges small ones.
    static func merging(
        _ old: [Segment], _ new: [Segment], _ columns: [TableColumn], _ pools: [DictionaryPool],
        in partitions: PartitionSet?, filtered: Set<Int>, shredding: ShreddingRules
    ) throws(StarlingError) -> [Segment] {
        guard let partitions else {
            return try merging(
                old, new, columns, pools, filtered: filtered, shredding: shredding)
        }
        func place(_ segment: Segment) -> Int {
            segment.partition.map { partitions.place(of: $0.number) } ?? -1
        }
        let coming = Dictionary(grouping: new, by: place)
        let there = Dictionary(grouping: old, by: place)
        var result: [Segment] = []
        for place in Set(coming.keys).union(there.keys).sorted() {
            result += try merging(
                there[place] ?? [], coming[place] ?? [], columns, pools, filtered: filtered,
                shredding: shredding)
        }
        return result
    }

    /// Adds segments behind others and merges small ones at the end, of which the one before is not
    /// much larger than the last.
    private static func merging(
        _ old: [Segment], _ new: [Segment], _ columns: [TableColumn], _ pools: [DictionaryPool],
        filtered: Set<Int>, shredding: ShreddingRules
    ) throws(StarlingError) -> [Segment] {
        var result = old
        for segment in new {
            result.append(segment)
            while result.count >= 2,
                result[result.count - 2].canMerge(with: result[result.count - 1])
            {
                let pair = result.suffix(2)
                let partition = segment.partition
                var collector = SegmentCollector(
                    columns.map(\.type), pools, in: partition, filtered: filtered,
                    shredding: shredding)
                for segment in pair {
                    try segment.read(into: &collector, columns) { _ in false }
                }
                try collector.finish()
                var hidden = RowSet()
                var start = 0
                for segment in pair {
                    if let own = segment.hidden { hidden.formUnion(own, from: start) }
                    start += segment.rowCount
                }
                let pieces = pair.flatMap(\.pieces)
                result.removeLast(2)
                result += collector.segments.map {
                    Segment(
                        columns: $0.columns, rowCount: $0.rowCount, pieces: pieces, hidden: hidden,
                        partition: partition)
                }
            }
        }
        return result
    }

    /// Tells whether as many rows may still be merged with these in memory.
    var isStillMerged: Bool { place == nil && rowCount * 2 <= Self.mergedRowCountMax }

    /// Says no of those that lie in files of their own: they are not read to be merged.
    private func canMerge(with next: Segment) -> Bool {
        place == nil && next.place == nil && rowCount <= 2 * next.rowCount
            && rowCount + next.rowCount <= Self.mergedRowCountMax
    }
}
