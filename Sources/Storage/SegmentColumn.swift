import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Is a column of a segment: its block, and what is known of it without looking.
package final class SegmentColumn: CachedBytes {
    package let summary: ColumnSummary
    /// What is known of the values beside.
    package let indexes: [ColumnIndex]
    /// The paths of a column of documents, where these are columns; its own block has what is left.
    package let shredded: ShreddedBlocks?
    private let origin: Origin
    private let filterOrigin: FilterOrigin
    private let cache: BlockCache?
    private let held: Mutex<HeldBlock>

    /// Is where the block comes from, and comes from again once it had to make room.
    private enum Origin {
        case memory
        /// `base` is the column that the values may be differences to.
        case stored(StoredBlock, base: SegmentColumn?)
        case constant(Value, LogicalType, rowCount: Int, DictionaryPool)
        case damaged(StarlingError)
    }

    /// Is where the bloom filter comes from.
    private enum FilterOrigin {
        case none
        case memory(SplitBlockFilter)
        case stored(StoredFilter)
    }

    /// Is what is in memory of a column.
    private struct HeldBlock {
        var block: ColumnBlock?
        var filter: SplitBlockFilter?
        /// What the cache counts for it.
        var byteCount = 0
        /// Tells whether it was asked for since it last might have had to go.
        var isUsed = false
    }

    /// Encodes the values of a column of a type, maybe as differences to those of `base`; `isFiltered`
    /// asks for a bloom filter of them, and `shredding` that documents are brought into form and
    /// their paths become columns.
    package init(
        encoding values: Vector, _ type: LogicalType, sharing pool: DictionaryPool,
        for purpose: BlockPurpose, beside base: ColumnBlock? = nil, isFiltered: Bool = false,
        shredding: ShreddingRules?
    ) throws(StarlingError) {
        var vector = values
        if type == .json, let shredding {
            let documents = DocumentShredding.shred(values.flattened(), shredding)
            vector = documents.remainder
            shredded = try ShreddedBlocks(
                documents, shredding, sharing: pool, for: purpose)
        } else {
            shredded = nil
        }
        let block = try BlockEncoder.encode(
            vector, for: purpose, sharing: pool, beside: base)
        indexes = []
        held = Mutex(HeldBlock(block: block))
        origin = .memory
        cache = nil
        let (summary, filter) = ColumnSummary.describe(
            vector, type, block, isFiltered: isFiltered)
        self.summary = summary
        filterOrigin = filter.map { .memory($0) } ?? .none
    }

    /// Stands for a block that is read when it is asked for.
    init(
        _ place: StoredBlock, _ summary: ColumnSummary, filter: StoredFilter?,
        indexes: [ColumnIndex] = [], cache: BlockCache?, shredded: ShreddedBlocks? = nil,
        base: SegmentColumn? = nil
    ) {
        self.indexes = indexes
        self.shredded = shredded
        origin = .stored(place, base: base)
        filterOrigin = filter.map { .stored($0) } ?? .none
        self.summary = summary
        self.cache = cache
        held = Mutex(HeldBlock())
    }

    /// Stands for rows that all have the same value.
    init(
        _ value: Value, _ type: LogicalType, rowCount: Int, sharing pool: DictionaryPool
    ) {
        indexes = []
        shredded = nil
        origin = .constant(value, type, rowCount: rowCount, pool)
        filterOrigin = .none
        cache = nil
        held = Mutex(HeldBlock())
        summary = ColumnSummary(constant: value, type, rowCount: rowCount)
    }

    /// Holds a block that was read and is kept.
    init(
        _ block: ColumnBlock, _ summary: ColumnSummary, filter: StoredFilter?,
        indexes: [ColumnIndex] = [], shredded: ShreddedBlocks? = nil
    ) {
        self.indexes = indexes
        self.shredded = shredded
        self.summary = summary
        origin = .memory
        filterOrigin = filter.map { .stored($0) } ?? .none
        cache = nil
        held = Mutex(HeldBlock(block: block))
    }

    /// Stands for a block of a segment that cannot be opened.
    init(damaged error: StarlingError) {
        indexes = []
        shredded = nil
        origin = .damaged(error)
        filterOrigin = .none
        cache = nil
        held = Mutex(HeldBlock())
        summary = ColumnSummary(ColumnStatistics())
    }

    /// Stands for the same values with other indexes, and other columns of the same paths.
    private init(
        _ column: SegmentColumn, _ indexes: [ColumnIndex], _ shredded: ShreddedBlocks?
    ) {
        self.indexes = indexes
        self.shredded = shredded
        summary = column.summary
        origin = column.origin
        filterOrigin = column.filterOrigin
        cache = column.cache
        let block = column.held.withLock { $0.block }
        switch column.origin {
        case .memory: held = Mutex(HeldBlock(block: block))
        case .stored, .constant, .damaged: held = Mutex(HeldBlock())
        }
    }

    /// Holds another block of the same values.
    private init(_ column: SegmentColumn, _ block: ColumnBlock) {
        indexes = column.indexes
        shredded = column.shredded
        summary = column.summary
        origin = .memory
        filterOrigin = column.filterOrigin
        cache = nil
        held = Mutex(HeldBlock(block: block))
    }

    /// Returns the same values in a block that needs no other one.
    func encodedForItself() throws(StarlingError) -> SegmentColumn {
        let block = try block()
        let values = try block.read(0..<block.rowCount, as: block.physicalType)
        return SegmentColumn(self, try BlockEncoder.encode(values, for: .disk))
    }

    /// Returns the same values with other indexes, and other columns of the same paths.
    func having(_ indexes: [ColumnIndex], _ shredded: ShreddedBlocks?) -> SegmentColumn {
        SegmentColumn(self, indexes, shredded)
    }

    /// Why the segment cannot be opened; nil where it can.
    var damage: StarlingError? {
        if case .damaged(let error) = origin { error } else { nil }
    }

    /// Where the block lies; nil where it is in memory only.
    var storedPlace: StoredBlock? {
        if case .stored(let place, _) = origin { place } else { nil }
    }

    package var statistics: ColumnStatistics { summary.statistics }

    deinit { cache?.forget(held.withLock { $0.byteCount }) }

    package func block() throws(StarlingError) -> ColumnBlock {
        let known = held.withLock { held in
            held.isUsed = true
            return held.block
        }
        if let known { return known }
        let block: ColumnBlock
        switch origin {
        case .memory: throw StarlingError(.internal, "a block is nowhere")
        case .damaged(let error): throw error
        case .stored(let place, let base):
            block = try place.read(beside: try base?.block())
        case .constant(let value, let type, let rowCount, let pool):
            block = try BlockEncoder.encode(
                Vector(constant: value, as: type, count: rowCount), for: .memory, sharing: pool)
            held.withLock { $0.block = block }
            return block
        }
        keep(block)
        return block
    }

    /// Holds a block that stands for what is stored, as long as there is room.
    func keep(_ block: ColumnBlock) {
        guard let cache, held.withLock({ $0.block == nil }) else { return }
        hold(block.heldByteCount, in: cache) { held in
            guard held.block == nil else { return false }
            held.block = block
            return true
        }
    }

    /// Holds the blocks that another column was made with, as long as there is room.
    func keep(what source: SegmentColumn) throws(StarlingError) {
        keep(try source.block())
        for (path, made) in zip(shredded?.columns ?? [], source.shredded?.columns ?? []) {
            path.keep(try made.block())
        }
    }

    /// Holds what `put` adds, if there is room.
    private func hold(
        _ byteCount: Int, in cache: BlockCache, _ put: (inout HeldBlock) -> Bool
    ) {
        guard cache.hold(self, byteCount) else { return }
        let isNew = held.withLock { held in
            guard put(&held) else { return false }
            held.byteCount += byteCount
            return true
        }
        if !isNew { cache.forget(byteCount) }
    }

    /// The bloom filter of the values; nil where there is none.
    package func filter() throws(StarlingError) -> SplitBlockFilter? {
        switch filterOrigin {
        case .none: return nil
        case .memory(let filter): return filter
        case .stored(let place):
            let known = held.withLock { held in
                held.isUsed = true
                return held.filter
            }
            if let known { return known }
            let filter = try place.read()
            keep(filter)
            return filter
        }
    }

    /// Holds a bloom filter that was read, as long as there is room.
    private func keep(_ filter: SplitBlockFilter) {
        guard let cache else { return held.withLock { $0.filter = filter } }
        hold(filter.byteCount, in: cache) { held in
            guard held.filter == nil else { return false }
            held.filter = filter
            return true
        }
    }

    /// Lets go of what is held and returns its bytes; nil where it was used since this was last asked.
    func release(always: Bool) -> Int? {
        held.withLock { held in
            if held.isUsed, !always {
                held.isUsed = false
                return nil
            }
            defer { held = HeldBlock() }
            return held.byteCount
        }
    }
}
