// Counting rows of a partition, or only those with a value, for IGNORE NULLS.

import StarlingErrors
import StarlingVectors

/// Finds rows by their number among those that count: all, or those whose value is not NULL.
struct WindowPlaces {
    /// Holds what is known of one block.
    private final class Counted {
        /// The rows that count.
        var rows: [UInt32] = []
        /// How many rows of the block before each of its rows, and before its end, count.
        var before: [UInt32] = []
    }

    private let storage: any WindowStorage
    /// The column whose NULLs do not count; nil where all rows do.
    private let column: Int?
    private let validBefore: [Int]
    private var block = -1
    private var current = Counted()
    /// The blocks looked at last. A frame's ends are in two, which take turns.
    private var recent: [Int: Counted] = [:]

    private static let recentCountMax = 8

    init(_ storage: any WindowStorage, ignoringNullsOf column: Int?) {
        self.storage = storage
        self.column = column
        validBefore = column.map { storage.validBefore($0) } ?? []
    }

    private mutating func load(_ wanted: Int, _ column: Int) throws(StarlingError) {
        if wanted == block { return }
        block = wanted
        if let known = recent[wanted] {
            current = known
            return
        }
        let rows = storage.rows(ofBlock: wanted)
        let vector = try storage.columns([column], from: rows.lowerBound, count: rows.count)[0]
        let counted = Counted()
        counted.before.reserveCapacity(rows.count + 1)
        for row in 0..<rows.count {
            counted.before.append(UInt32(counted.rows.count))
            if vector.isValid(row) { counted.rows.append(UInt32(rows.lowerBound + row)) }
        }
        counted.before.append(UInt32(counted.rows.count))
        if recent.count == Self.recentCountMax { recent.removeAll(keepingCapacity: true) }
        recent[wanted] = counted
        current = counted
    }

    /// Counts the rows before a position that count.
    mutating func countedBefore(_ position: Int) throws(StarlingError) -> Int128 {
        guard let column else { return Int128(position) }
        if storage.count == 0 { return 0 }
        let wanted = storage.block(of: position)
        let offset = position - wanted * storage.blockRowCount
        if offset == 0 { return Int128(validBefore[wanted]) }
        try load(wanted, column)
        return Int128(validBefore[wanted] + Int(current.before[offset]))
    }

    /// Returns the row with a number, which is not negative and below the count of all.
    mutating func row(_ number: Int128) throws(StarlingError) -> UInt32 {
        guard let column else { return UInt32(number) }
        let number = Int(number)
        var (low, high) = (1, (storage.count - 1) / storage.blockRowCount + 1)
        while low < high {
            let middle = (low + high) / 2
            if validBefore[middle] <= number { low = middle + 1 } else { high = middle }
        }
        try load(low - 1, column)
        return current.rows[number - validBefore[low - 1]]
    }
}
