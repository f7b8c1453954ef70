// From chunks to segments: columns grow side by side until a segment is full. Strings are copied, so
// that nothing else is kept alive, unless they are most of what their memory holds; short
// dictionaries stay, and rows stay codes.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTypes
import StarlingVectors

/// Packs rows into segments.
package struct SegmentCollector {
    private static let dictionaryCountMax = 1_024
    private static let fewRows = 4 * chunkCapacity

    private let types: [PhysicalType]
    private let logicalTypes: [LogicalType]
    /// The columns that get a bloom filter.
    private let filtered: Set<Int>
    private let shredding: ShreddingRules
    private let pools: [DictionaryPool]
    private let purpose: BlockPurpose
    /// The partition that the rows are of.
    let partition: TablePartition?
    private var collectors: [ColumnCollector] = []
    private var rowCount = 0
    package private(set) var segments: [Segment] = []

    /// Makes segments that stay in memory, or, with `purpose` disk, that are small; `filtered` are
    /// the columns that get a bloom filter.
    package init(
        _ types: [LogicalType], _ pools: [DictionaryPool], for purpose: BlockPurpose = .memory,
        in partition: TablePartition? = nil, filtered: Set<Int> = [],
        shredding: ShreddingRules = ShreddingRules()
    ) {
        self.shredding = shredding
        self.types = types.map(\.widestPhysicalType)
        logicalTypes = types
        self.filtered = filtered
        self.pools = pools
        self.purpose = purpose
        self.partition = partition
    }

    /// The bytes of the rows that are in no segment yet.
    package var byteCount: Int { collectors.reduce(0) { $0 + $1.byteCount } }

    /// Adds the rows of a chunk behind those that are there.
    package mutating func append(_ chunk: Chunk) throws(StarlingError) {
        // Long chunks come from other collectors.
        if rowCount + chunk.count > Segment.rowCountMax + chunkCapacity { try finish() }
        // Where some chunks come, many come; to partitions they come by and by.
        if partition == nil, rowCount >= Self.fewRows, rowCount < Self.fewRows + chunkCapacity {
            for position in collectors.indices {
                collectors[position].reserveCapacity(Segment.rowCountMax + chunkCapacity)
            }
        }
        if rowCount == 0 {
            collectors = types.map {
                ColumnCollector(
                    $0, copiesStrings: true, dictionaryCountMax: Self.dictionaryCountMax,
                    borrowsTexts: true)
            }
        }
        for (position, type) in types.enumerated() {
            let column = chunk.columns[position]
            collectors[position].append(
                column.physicalType == type ? column : column.withIntegerLayout(type))
        }
        rowCount += chunk.count
        if rowCount >= Segment.rowCountMax { try finish() }
    }

    /// Closes the last segment.
    package mutating func finish() throws(StarlingError) {
        guard rowCount > 0 else { return }
        let vectors = collectors.map { $0.finish() }
        let related =
            purpose == .disk ? RelatedColumns(vectors, rowCount: rowCount) : RelatedColumns()
        var columns: [SegmentColumn?] = Array(repeating: nil, count: vectors.count)
        // Those that others are written in relation to come first.
        let order = vectors.indices.sorted {
            (related.bases[$0] == nil ? 0 : 1, $0) < (related.bases[$1] == nil ? 0 : 1, $1)
        }
        for position in order {
            columns[position] = try SegmentColumn(
                encoding: vectors[position], logicalTypes[position],
                sharing: pools[position], for: purpose,
                beside: try related.bases[position].flatMap { columns[$0] }?.block(),
                isFiltered: filtered.contains(position), shredding: shredding)
        }
        segments.append(
            Segment(columns: columns.compactMap(\.self), rowCount: rowCount).placed(in: partition))
        collectors = []
        rowCount = 0
    }

    /// Hands out the rows that are in no segment yet.
    mutating func takeRows() -> Chunk? {
        guard rowCount > 0 else { return nil }
        defer {
            collectors = []
            rowCount = 0
        }
        return Chunk(columns: collectors.map { $0.finish() }, count: rowCount)
    }

    /// Hands out the segments that are closed.
    package mutating func takeSegments() -> [Segment] {
        defer { segments = [] }
        return segments
    }
}
