// Finding rows of a partition by a key. The first keys of blocks lead to one block, and that is
// looked at.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Finds rows by the one key that orders them.
struct WindowKeys {
    private let storage: any WindowStorage
    private let key: SortColumn
    /// Turns descending keys into ascending ones.
    private let flip: Int128
    private let firstKeys: [Int128]
    private let validBefore: [Int]
    private var block = -1
    private var keys: WideColumn?

    init(_ storage: any WindowStorage, _ key: SortColumn) {
        self.storage = storage
        self.key = key
        flip = key.isAscending ? 0 : -1
        firstKeys = storage.firstKeys(key.position)
        validBefore = storage.validBefore(key.position)
    }

    private mutating func load(_ wanted: Int) throws(StarlingError) -> WideColumn {
        if wanted == block, let keys { return keys }
        let rows = storage.rows(ofBlock: wanted)
        let column = WideColumn(
            try storage.columns([key.position], from: rows.lowerBound, count: rows.count)[0])
        keys = column
        block = wanted
        return column
    }

    /// The rows of a partition that have a key: NULLs come all first or all last.
    mutating func withKeys(_ partition: Range<Int>) throws(StarlingError) -> Range<Int> {
        if firstKeys.isEmpty {
            let keys = try load(0)
            var (first, last) = (partition.lowerBound, partition.upperBound)
            while first < last, keys.value(first) == nil { first += 1 }
            while last > first, keys.value(last - 1) == nil { last -= 1 }
            return first..<last
        }
        // Then there is nothing but this partition.
        let count = validBefore[validBefore.count - 1]
        return key.nullsFirst ? (storage.count - count)..<storage.count : 0..<count
    }

    /// Finds the first of `rows` whose key is not before `bound`, or with `isStart` false the first
    /// one behind it.
    mutating func position(
        of bound: Int128, in rows: Range<Int>, isStart: Bool
    ) throws(StarlingError) -> Int {
        if rows.isEmpty { return rows.lowerBound }
        let wanted = bound ^ flip
        var (low, high) = (rows.lowerBound, rows.upperBound)
        if !firstKeys.isEmpty {
            // The last block that begins before the place wanted has it, or ends there.
            var first = storage.block(of: low) + 1
            var last = storage.block(of: high - 1) + 1
            while first < last {
                let middle = (first + last) / 2
                let key = firstKeys[middle] ^ flip
                if isStart ? key < wanted : key <= wanted {
                    first = middle + 1
                } else {
                    last = middle
                }
            }
            let found = storage.rows(ofBlock: first - 1)
            (low, high) = (max(low, found.lowerBound), min(high, found.upperBound))
        }
        let block = storage.block(of: low)
        let keys = try load(block)
        let offset = storage.rows(ofBlock: block).lowerBound
        while low < high {
            let middle = (low + high) / 2
            let key = keys.values[middle - offset] ^ flip
            if isStart ? key < wanted : key <= wanted {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
