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
        splitter = router.map { PartitionSplitter($0, types) }
        collectors = PartitionCollectors(
            types, table.pools, for: isStored ? .disk : .memory, filtered: table.filteredColumns,
            shredding: table.shredding)
        self.byteCountMax = byteCountMax
    }

    /// The bytes of rows that are in no segment yet.
    var byteCount: Int { collectors.byteCount }

    mutating func append(_ chunk: Chunk) throws(StarlingError) {
        guard splitter != nil else { return try collectors.append(chunk, in: nil) }
        try collect { (splitter, receive) throws(StarlingError) in
            try splitter.split(chunk, receive)
        }
        if collectors.byteCount > byteCountMax {
            try collectors.shrink(to: byteCountMax / 2)
        }
    }

    /// Packs all rows, so that none hold memory.
    mutating func finish() throws(StarlingError) {
        try flush()
        try collectors.finish()
    }

    /// Hands out the rows that are in no segment yet, a long chunk a partition.
    mutating func takeRows() throws(StarlingError) -> [(partition: TablePartition?, rows: Chunk)] {
        try flush()
        return collectors.takeRows()
    }

    /// Hands out the segments that are closed.
    mutating func takeSegments() -> [Segment] { collectors.takeSegments() }

    private mutating func flush() throws(StarlingError) {
        guard splitter != nil else { return }
        try collect { (splitter, receive) throws(StarlingError) in try splitter.flush(receive) }
    }

    /// Lets the splitter give rows to the collectors.
    private mutating func collect(
        _ split: (
            inout PartitionSplitter, (TablePartition, Chunk) throws(StarlingError) -> Void
        ) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard var splitter else { return }
        self.splitter = nil
        var collectors = collectors
        self.collectors = PartitionCollectors([], [])
        defer {
            self.collectors = collectors
            self.splitter = splitter
        }
        try split(&splitter) { (partition, rows) throws(StarlingError) in
            try collectors.append(rows, in: partition)
        }
    }
}
