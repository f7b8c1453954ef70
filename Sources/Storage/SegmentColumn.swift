import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Is a column of a segment: its block, and what is known of it without looking.
package final class SegmentColumn: Sendable {
    package let statistics: ColumnStatistics
    private let origin: Origin
    private let cache: BlockCache?
    private let held: Mutex<HeldBlock>

    /// Is where the block comes from, and comes from again once it had to make room.
    private enum Origin {
        case memory
        case stored(StoredBlock)
        case constant(Value, LogicalType, rowCount: Int, DictionaryPool)
    }

    /// Is what is in memory of a column.
    private struct HeldBlock {
        var block: ColumnBlock?
        /// What the cache counts for it.
        var byteCount = 0
        /// Tells whether it was asked for since it last might have had to go.
        var isUsed = false
    }

    /// Encodes the values of a column.
    package init(
        encoding vector: Vector, sharing pool: DictionaryPool, for purpose: BlockPurpose
    ) throws(StarlingError) {
        let block = try BlockEncoder.encode(vector, for: purpose, sharing: pool)
        held = Mutex(HeldBlock(block: block))
        origin = .memory
        cache = nil
        statistics = Self.describe(vector, block)
    }

    /// Stands for a block that is read when it is asked for.
    init(_ place: StoredBlock, statistics: ColumnStatistics, cache: BlockCache?) {
        origin = .stored(place)
        self.statistics = statistics
        self.cache = cache
        held = Mutex(HeldBlock())
    }

    /// Stands for rows that all have the same value.
    init(
        _ value: Value, _ type: LogicalType, rowCount: Int, sharing pool: DictionaryPool
    ) {
        origin = .constant(value, type, rowCount: rowCount, pool)
        cache = nil
        held = Mutex(HeldBlock())
        let bound = value.integer.map { Value.integer($0) }
        var statistics = ColumnStatistics(
            low: bound, high: bound, nullCount: value.isNull ? rowCount : 0,
            estimatedDistinctCount: 1)
        statistics.isLowExact = bound != nil
        statistics.isHighExact = bound != nil
        self.statistics = statistics
    }

    /// Holds a block that was read and is kept.
    init(_ block: ColumnBlock, statistics: ColumnStatistics) {
        self.statistics = statistics
        origin = .memory
        cache = nil
        held = Mutex(HeldBlock(block: block))
    }

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
        case .stored(let place): block = try place.read()
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
        guard let cache else { return }
        let byteCount = block.heldByteCount
        let isNew = held.withLock { held in
            guard held.block == nil else { return false }
            held = HeldBlock(block: block, byteCount: byteCount)
            return true
        }
        if isNew, !cache.hold(self, byteCount) { _ = release(always: true) }
    }

    /// Lets the block go and returns its bytes; nil where it was used since this was last asked.
    func release(always: Bool = false) -> Int? {
        held.withLock { held in
            if held.isUsed, !always {
                held.isUsed = false
                return nil
            }
            defer { held = HeldBlock() }
            return held.byteCount
        }
    }

    private static func describe(_ vector: Vector, _ block: ColumnBlock) -> ColumnStatistics {
        let bounds = vector.physicalType.isInteger ? bounds(of: vector, block) : nil
        var statistics = ColumnStatistics(
            low: bounds.map { .integer($0.low) }, high: bounds.map { .integer($0.high) },
            nullCount: block.nullCount)
        statistics.isLowExact = bounds != nil
        statistics.isHighExact = bounds != nil
        if let dictionary = block.dictionary {
            statistics.estimatedDistinctCount = dictionary.count
        }
        return statistics
    }

    /// Finds the bounds of integers; a block knows them, but for rows that have none.
    private static func bounds(of vector: Vector, _ block: ColumnBlock) -> Bounds? {
        guard block.nullCount == 0, let known = block.bounds, let first = known.first else {
            return vector.extent()
        }
        return known.reduce(first) {
            Bounds(low: min($0.low, $1.low), high: max($0.high, $1.high))
        }
    }
}
