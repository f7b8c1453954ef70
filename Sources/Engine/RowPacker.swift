// From chunks to segments, for one worker: rows go to the partitions that they belong to, and are packed
// there until a segment is full or all of them together take too much memory.

import StarlingErrors
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Packs the rows of a table.
struct RowPacker {
    /// What the rows of all partitions may hold until the largest are packed.
    static let byteCountMax = 512 << 20

    private var splitter: PartitionSplitter?
    private var collectors: PartitionCollectors
    private let byteCountMax: Int

    init(
        _ types: [LogicalType], _ table: NativeTable, _ router: PartitionRouter?,
        isStored: Bool, byteCountMax: Int = RowPacker.byteCountMax
    ) {
        splitter = router.map { PartitionSplitter($0) }
        collectors = PartitionCollectors(
            types, table.pools, for: isStored ? .disk : .memory, filtered: table.filteredColumns)
        self.byteCountMax = byteCountMax
    }

    /// The bytes of rows that are in no segment yet.
    var byteCount: Int { collectors.byteCount }

    mutating func append(_ chunk: Chunk) throws(StarlingError) {
        guard splitter != nil else { return try collectors.append(chunk, in: nil) }
        var collectors = collectors
        self.collectors = PartitionCollectors([], [])
        defer { self.collectors = collectors }
        try splitter?.split(chunk) { (partition, rows) throws(StarlingError) in
            try collectors.append(rows, in: partition)
        }
        if collectors.byteCount > byteCountMax {
            try collectors.shrink(to: byteCountMax / 2)
        }
    }

    /// Packs all rows, so that none hold memory.
    mutating func finish() throws(StarlingError) { try collectors.finish() }

    /// Hands out the segments that are closed.
    mutating func takeSegments() -> [Segment] { collectors.takeSegments() }
}
