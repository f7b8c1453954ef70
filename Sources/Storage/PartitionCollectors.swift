// From chunks to segments of many partitions at once: each partition has its own collector, and where
// all of them together hold much, the largest are closed first. A table without partitions has one.

import StarlingBlocks
import StarlingErrors
import StarlingShredding
import StarlingTypes
import StarlingVectors

/// Packs rows into segments, each of one partition.
package struct PartitionCollectors {
    private let types: [LogicalType]
    private let pools: [DictionaryPool]
    private let purpose: BlockPurpose
    /// The columns that get a bloom filter.
    private let filtered: Set<Int>
    private let shredding: ShreddingRules
    /// Where the collector of a partition stands, by the partition's number; 0 for none.
    private var places: [UInt32: Int] = [:]
    private var collectors: [SegmentCollector] = []
    /// The bytes that each of them holds.
    private var byteCounts: [Int] = []
    package private(set) var byteCount = 0
    private var segments: [Segment] = []

    package init(
        _ types: [LogicalType], _ pools: [DictionaryPool], for purpose: BlockPurpose = .memory,
        filtered: Set<Int> = [], shredding: ShreddingRules = ShreddingRules()
    ) {
        self.shredding = shredding
        self.types = types
        self.filtered = filtered
        self.pools = pools
        self.purpose = purpose
    }

    /// Adds the rows of a chunk to those of a partition.
    package mutating func append(
        _ chunk: Chunk, in partition: TablePartition?
    ) throws(StarlingError) {
        try collect(in: partition) { (collector) throws(StarlingError) in
            try collector.append(chunk)
        }
    }

    /// Lets `add` give rows to the collector of a partition.
    mutating func collect(
        in partition: TablePartition?,
        _ add: (inout SegmentCollector) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let place = place(of: partition)
        try add(&collectors[place])
        note(place)
    }

    private mutating func place(of partition: TablePartition?) -> Int {
        let number = partition?.number ?? 0
        if let place = places[number] { return place }
        collectors.append(
            SegmentCollector(
                types, pools, for: purpose, in: partition, filtered: filtered,
                shredding: shredding))
        byteCounts.append(0)
        places[number] = collectors.count - 1
        return collectors.count - 1
    }

    /// Takes what a collector has closed, and counts what it holds.
    private mutating func note(_ place: Int) {
        segments += collectors[place].takeSegments()
        byteCount -= byteCounts[place]
        byteCounts[place] = collectors[place].byteCount
        byteCount += byteCounts[place]
    }

    /// Closes the collectors that hold most, until all of them hold no more than that.
    package mutating func shrink(to limit: Int) throws(StarlingError) {
        guard byteCount > limit else { return }
        for place in collectors.indices.sorted(by: { byteCounts[$0] > byteCounts[$1] }) {
            guard byteCount > limit else { return }
            try collectors[place].finish()
            note(place)
        }
    }

    /// Closes all collectors.
    package mutating func finish() throws(StarlingError) {
        for place in collectors.indices {
            try collectors[place].finish()
            note(place)
        }
    }

    /// Hands out the rows that are in no segment yet, a long chunk a partition.
    package mutating func takeRows() -> [(partition: TablePartition?, rows: Chunk)] {
        var result: [(partition: TablePartition?, rows: Chunk)] = []
        for place in collectors.indices {
            if let rows = collectors[place].takeRows() {
                result.append((collectors[place].partition, rows))
            }
            note(place)
        }
        return result
    }

    /// Hands out the segments that are closed.
    package mutating func takeSegments() -> [Segment] {
        defer { segments = [] }
        return segments
    }
}
