// What the build side of a join becomes: its rows, and the index that fits its keys.
//
// The decision falls when all rows are there and the bounds of their keys are known: one integer
// key of a narrow range is a position (`DirectIndex`), everything else is hashed (`HashIndex`);
// without keys every row is a candidate. Where rows without keys, or many rows with the same ones,
// are compared by numbers, these are sorted (`RangeIndex`).

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Holds the build side of a join; immutable but for the flags of matched rows.
final class JoinTable: Sendable {
    enum Index: Sendable {
        /// Every row of the pages is a candidate.
        case none
        case direct(DirectIndex)
        case hash(HashIndex)
        case range(RangeIndex)
    }

    let shape: JoinShape
    let index: Index
    let pages: RowPages
    /// Rows that can match; rows with a NULL in a key cannot.
    let rowCount: Int
    /// True where a NULL is among the keys of the whole build side.
    let hasNullKey: Bool
    /// True where the whole build side has rows, be it that none can match.
    let buildHasRows: Bool
    /// Stands for a row that does not exist.
    let nullRow: Buffer
    /// The bounds of each key that is an integer of 64 bits or fewer, where they are known.
    let keyBounds: [Bounds?]
    /// Rows that cannot match and that the join may have to give all the same.
    private let unmatchable: [RowStore]
    /// Keep the rows and what their strings point to.
    private let stores: [RowStore]
    private let reservation: Reservation

    /// What the table of `rowCount` rows that a part holds takes beside them at most, while it is
    /// being made.
    static func byteCount(_ shape: JoinShape, rowCount: Int) -> Int {
        // Keys that were gathered without rows become some first.
        let rows = shape.keepsKeysOnly ? RowStore.byteCount(shape.layout, expecting: rowCount) : 0
        let width = shape.layout.rowByteCount
        return rows + HashIndex.byteCount(rowCount: rowCount, rowByteCount: width)
    }

    /// Makes the table of all `parts` on `workers` workers; `whole` tells of the whole build side
    /// where the parts are one partition of it.
    init(
        _ shape: JoinShape, _ parts: [JoinBuildPart], whole: SpilledBuild? = nil, workers: Int,
        execution: QueryExecution
    ) throws(StarlingError) {
        self.shape = shape
        reservation = Reservation(execution.budget, purpose: "the table of a join")
        var stores = parts.map(\.store)
        unmatchable = parts.map(\.unmatchable)
        let rowCount = parts.reduce(0) { $0 + $1.matchableCount }
        self.rowCount = rowCount
        let hasNullKey = whole?.hasNullKey ?? parts.contains { $0.hasNullKey }
        self.hasNullKey = hasNullKey
        buildHasRows = whole?.hasRows ?? (rowCount > 0 || hasNullKey)
        nullRow = shape.layout.makeNullRow()
        let bounds = Self.keyBounds(parts)
        var keyBounds: [Bounds?] = shape.keyTypes.map { _ in nil }
        let width = shape.layout.rowByteCount
        var pages = RowPages(stores, rowByteCount: width)
        if let range = try Self.makeRangeIndex(
            shape, pages, rowCount: rowCount, reservation, workers: workers, execution)
        {
            index = .range(range)
            if shape.hasIntegerKey { keyBounds = [bounds] }
        } else if shape.keyTypes.isEmpty || rowCount == 0 {
            index = .none
        } else if let direct = try Self.makeDirectIndex(
            shape, parts, pages, bounds: bounds, rowCount: rowCount, reservation, workers: workers,
            execution)
        {
            index = .direct(direct)
            keyBounds = [bounds]
        } else {
            if shape.keepsKeysOnly {
                stores = [try Self.rowsOfKeys(parts, shape, execution)]
                pages = RowPages(stores, rowByteCount: width)
            }
            try reservation.resize(
                to: HashIndex.byteCount(rowCount: rowCount, rowByteCount: width))
            let hash = try HashIndex(
                pages.blocks, shape.layout, keyCount: shape.keyTypes.count, workers: workers,
                execution: execution)
            index = .hash(hash)
            keyBounds = hash.keyBounds
            pages = RowPages([], rowByteCount: width)
            for store in stores { store.dropRows() }
            _ = reservation.tryResize(to: hash.byteCount)
        }
        self.stores = stores
        self.pages = pages
        self.keyBounds = keyBounds
    }

    var isBitmap: Bool { if case .direct(let index) = index { index.isBitmap } else { false } }

    /// Says how partners are found, for EXPLAIN ANALYZE.
    var title: String {
        switch index {
        case .none: shape.keyTypes.isEmpty ? "all pairs" : "no rows to match"
        case .direct: isBitmap ? "bitmap of keys" : "direct address"
        case .hash: "hash table"
        case .range: "sorted ranges"
        }
    }

    /// True where no row was built at all, or none that matches anything.
    var isEmpty: Bool { rowCount == 0 }

    private static func keyBounds(_ parts: [JoinBuildPart]) -> Bounds? {
        var bounds: Bounds?
        for keys in parts.compactMap(\.integerKeys) where keys.count > 0 {
            let own = Bounds(low: Int128(keys.low), high: Int128(keys.high))
            bounds = bounds?.union(own) ?? own
        }
        return bounds
    }

    /// Makes an index over numbers where the join compares some and a row has many candidates
    /// otherwise, if memory suffices.
    private static func makeRangeIndex(
        _ shape: JoinShape, _ pages: RowPages, rowCount: Int, _ reservation: Reservation,
        workers: Int, _ execution: QueryExecution
    ) throws(StarlingError) -> RangeIndex? {
        guard !shape.ranges.isEmpty, rowCount >= RangeIndex.rowCountMin,
            reservation.tryResize(to: RangeIndex.byteCount(rowCount: rowCount))
        else { return nil }
        if shape.keyTypes.isEmpty { return RangeIndex(shape.ranges, pages, shape.layout) }
        let entries = try HashEntries(
            pages.blocks, shape.layout, keyCount: shape.keyTypes.count, partitionBits: 0,
            workers: workers, execution: execution)
        guard entries.rowsPerKey >= Double(RangeIndex.rowCountMin) else { return nil }
        return RangeIndex(shape.ranges, entries, shape.layout)
    }

    /// Makes a direct index where keys allow it and memory suffices, else returns nil.
    private static func makeDirectIndex(
        _ shape: JoinShape, _ parts: [JoinBuildPart], _ pages: RowPages, bounds: Bounds?,
        rowCount: Int, _ reservation: Reservation, workers: Int, _ execution: QueryExecution
    ) throws(StarlingError) -> DirectIndex? {
        guard shape.hasIntegerKey, let bounds, let width = bounds.width else { return nil }
        let isBitmap = shape.keepsKeysOnly
        guard width <= DirectIndex.widthMaximum(rowCount: rowCount, isBitmap: isBitmap),
            reservation.tryResize(
                to: DirectIndex.byteCount(
                    width: width, numberEnd: pages.numberEnd, isBitmap: isBitmap))
        else { return nil }
        let low = Int64(bounds.low)
        if isBitmap {
            return DirectIndex(
                bitmapOf: parts.compactMap(\.integerKeys), low: low, width: width)
        }
        return try DirectIndex(
            keyRuns(parts), numberEnd: pages.numberEnd, low: low, width: width,
            workers: workers, execution: execution)
    }

    /// Pairs the blocks of every part's store with the keys of their rows.
    private static func keyRuns(_ parts: [JoinBuildPart]) -> [KeyRun] {
        var runs: [KeyRun] = []
        var page = 0
        for part in parts {
            var start = 0
            for block in part.store.blocks {
                if let keys = part.integerKeys {
                    runs.append(
                        KeyRun(
                            keys: keys, start: start, count: block.rowCount,
                            firstNumber: UInt32(page << RowPages.shift + 1)))
                }
                start += block.rowCount
                page += 1
            }
        }
        return runs
    }

    /// Makes rows of keys that were gathered without rows and turned out not to be dense.
    private static func rowsOfKeys(
        _ parts: [JoinBuildPart], _ shape: JoinShape, _ execution: QueryExecution
    ) throws(StarlingError) -> RowStore {
        let store = RowStore(
            shape.layout,
            reservation: Reservation(execution.budget, purpose: "the rows of a join"),
            firstBlockRowCount: parts.reduce(0) { $0 + $1.matchableCount })
        for keys in parts.compactMap(\.integerKeys) {
            var row = 0
            while row < keys.count {
                let count = min(chunkCapacity, keys.count - row)
                try store.append(
                    [keys.vector(from: row, count: count, shape.keyTypes[0])], count: count)
                row += count
            }
        }
        return store
    }

    /// Lists all rows that the join may have to give after probing, in pieces of any size.
    var remainderBlocks: [RowRun] {
        var runs = pages.blocks.map { RowRun(start: $0.baseAddress, count: $0.rowCount) }
        if case .hash(let hash) = index { runs += hash.runs }
        for store in unmatchable {
            runs += store.blocks.map { RowRun(start: $0.baseAddress, count: $0.rowCount) }
        }
        return runs
    }
}

/// Locates consecutive rows; valid while the table lives.
///
/// `@unchecked Sendable`: the address of rows that stay where they are.
struct RowRun: @unchecked Sendable {
    let start: RowAddress
    let count: Int
}
