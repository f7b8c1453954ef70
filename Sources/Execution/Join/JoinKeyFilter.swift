// What the keys of a join's build side say about a column of its probe side: nothing matches if
// there are no keys; integers lie within bounds; and where the key stands alone, the join's own
// index tells for each value whether it may be there: exactly, if it is a direct index, and with
// the directory's tags as a bloom filter, if it is hashed. Where a bit for each value in between the
// keys is little, a bitmap of the keys takes the index's place: it is exact, it fits a cache, and
// keys that come in order, as those of facts mostly do, find their bits side by side.

import StarlingMemory
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

/// Holds a bit for each key of a join that has one integer key.
struct KeyBitmap {
    let index: DirectIndex
    let reservation: Reservation

    /// Returns nil where the keys lie too far apart, where they are all there is in between, or
    /// where memory does not suffice.
    init?(_ parts: [JoinBuildPart], _ table: JoinTable, _ execution: QueryExecution) {
        guard table.shape.hasIntegerKey, let bounds = table.keyBounds[0], let width = bounds.width,
            !table.isEmpty, table.rowCount < width / Self.rangeMin,
            !table.isBitmap,
            width <= DirectIndex.widthMaximum(rowCount: table.rowCount, isBitmap: true)
        else { return nil }
        reservation = Reservation(execution.budget, purpose: "the keys of a join")
        guard
            reservation.tryResize(
                to: DirectIndex.byteCount(width: width, numberEnd: 0, isBitmap: true))
        else { return nil }
        index = DirectIndex(
            bitmapOf: parts.compactMap(\.integerKeys), low: Int64(bounds.low), width: width)
    }

    /// Keys that take more than one in so many values exclude too little to be worth a pass.
    private static let rangeMin = 2
}
