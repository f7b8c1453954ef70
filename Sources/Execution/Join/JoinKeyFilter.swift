// What the keys of a join's build side say about a column of its probe side: nothing matches if
// there are no keys; integers lie within bounds; and where the key stands alone, the join's own
// index tells for each value whether it may be there: exactly, if it is a direct index, and with
// the directory's tags as a bloom filter, if it is hashed. Where a bit for each value in between the
// keys is little, a bitmap of the keys takes the index's place: it is exact, it fits a cache, and
// keys that come in order, as those of facts mostly do, find their bits side by side.

import StarlingMemory
import StarlingRows
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Tells which values of a column can match in a join; rows that cannot may be left out.
package final class JoinKeyFilter: RuntimeFilter {
    enum Membership: Sendable {
        case unknown
        case direct(DirectIndex)
        case hashed(HashIndex)
    }

    /// True where no value at all can match.
    package let isEmpty: Bool
    /// The bounds of the keys, where they are integers.
    package let bounds: Bounds?
    let keyType: PhysicalType
    let membership: Membership
    /// Tells how the index was hashed.
    let hashesAreZero: Bool
    /// Keeps the index.
    private let table: JoinTable
    private let reservation: Reservation?
    /// The keys, where they are few.
    package let values: [Value]?

    package var reason: PruningReason { .joinKeys }
    package var prefersAscending: Bool? { nil }
    package var strictness: UInt64 { 0 }

    static let valueCountMax = 1_024
    /// Statistics are compared with each of so many at most.
    private static let comparedCountMax = 64

    init(
        _ table: JoinTable, key: Int, values: [Value]? = nil, bitmap: KeyBitmap? = nil,
        hashesAreZero: Bool
    ) {
        self.table = table
        reservation = bitmap?.reservation
        self.hashesAreZero = hashesAreZero
        self.values = values
        isEmpty = table.isEmpty
        bounds = table.keyBounds[key]
        keyType = table.shape.keyTypes[key]
        let standsAlone = table.shape.keyTypes.count == 1
        if let bitmap {
            membership = .direct(bitmap.index)
            return
        }
        membership =
            switch table.index {
            case .direct(let index): .direct(index)
            case .hash(let index) where standsAlone: .hashed(index)
            default: .unknown
            }
    }

    /// Tells whether values within `other` can match.
    package func mayMatch(_ other: Bounds) -> Bool {
        if isEmpty { return false }
        guard let bounds else { return true }
        return bounds.intersection(other) != nil
    }

    package func mayMatch(_ statistics: ColumnStatistics, rowCount: Int) -> Bool {
        if isEmpty || statistics.nullCount == rowCount { return false }
        if let other = statistics.bounds, !mayMatch(other) { return false }
        guard let values, values.count <= Self.comparedCountMax, let low = statistics.low,
            let high = statistics.high
        else { return true }
        return values.contains { !$0.precedes(low) && !high.precedes($0) }
    }

    package func makeEvaluator() -> any RuntimeFilterEvaluator { JoinKeyEvaluator(self) }
}

/// Holds a bit for each value of an integer key of a join.
struct KeyBitmap {
    let index: DirectIndex
    let reservation: Reservation

    /// Returns nil where the values lie too far apart, where they are all there is in between, or
    /// where memory does not suffice.
    init?(_ parts: [JoinBuildPart], _ table: JoinTable, key: Int, _ execution: QueryExecution) {
        guard let bounds = table.keyBounds[key], let width = bounds.width,
            !table.isEmpty, table.rowCount < width / Self.rangeMin,
            !table.isBitmap,
            width <= Self.widthMaximum(rowCount: table.rowCount)
        else { return nil }
        reservation = Reservation(execution.budget, purpose: "the keys of a join")
        let byteCount = DirectIndex.byteCount(width: width, numberEnd: 0, isBitmap: true)
        guard reservation.tryResize(to: byteCount) else { return nil }
        var lists = parts.compactMap(\.integerKeys)
        if !table.shape.hasIntegerKey {
            guard let values = table.values(ofKey: key, execution) else { return nil }
            lists = [values]
        }
        index = DirectIndex(bitmapOf: lists, low: Int64(bounds.low), width: width)
    }

    /// Keys that take more than one in so many values exclude too little to be worth a pass.
    private static let rangeMin = 2

    /// A bitmap that fits a cache may take more than a hash table's memory would justify.
    private static func widthMaximum(rowCount: Int) -> Int {
        max(
            DirectIndex.widthMaximum(rowCount: rowCount, isBitmap: true),
            min(256 * rowCount, 1 << 23))
    }
}

extension JoinTable {
    /// Gathers an integer key of hashed rows; nil where memory does not suffice.
    fileprivate func values(ofKey key: Int, _ execution: QueryExecution) -> IntegerKeys? {
        guard case .hash(let hash) = index else { return nil }
        let width = shape.layout.rowByteCount
        let addresses = RowAddresses()
        let keys = IntegerKeys(
            reservation: Reservation(execution.budget, purpose: "the keys of a join"))
        for run in hash.runs {
            for start in stride(from: 0, to: run.count, by: chunkCapacity) {
                let count = min(chunkCapacity, run.count - start)
                for row in 0..<count {
                    addresses.pointer[row] = run.start + (start + row) * width
                }
                let values = shape.layout.gather(
                    key, rows: addresses.pointer, count: count, owner: self)
                guard (try? keys.append(values, selected: nil, count: count)) != nil else {
                    return nil
                }
            }
        }
        return keys
    }
}
