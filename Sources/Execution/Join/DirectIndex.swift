// The table of a join whose one key is an integer of a narrow range, as the keys of every star
// schema are: the key, less the least one, is the place where the row's number stands. There is
// nothing to hash and nothing to compare.
//
// 1. The workers take ranges of places. Each passes over all keys and enters those of its range.
// 2. Rows with the same key are chained: a place has the last one, `next` leads to the others.
// 3. Where only the presence of keys is asked for, a bit a place takes the row's number's part.

import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Finds the rows of a key by position.
struct DirectIndex: Sendable {
    let low: Int64
    /// Places in all.
    let width: Int
    /// A row number a place and a 0 behind the last one; nil where there is a bitmap.
    private let numbers: Buffer?
    /// For every row number the number of the next row with the same key; nil for unique keys.
    private let next: Buffer?
    /// A bit a place, and a zero word behind the last one.
    private let bitmap: Buffer?

    /// True where no key stands for two rows.
    var isUnique: Bool { next == nil }
    var isBitmap: Bool { bitmap != nil }

    /// The places that are at most worth their memory for `rowCount` rows.
    static func widthMaximum(rowCount: Int, isBitmap: Bool) -> Int {
        isBitmap ? max(64 * rowCount, 1 << 20) : max(8 * rowCount, 1 << 16)
    }

    /// Counts the bytes that an index takes.
    static func byteCount(width: Int, numberEnd: Int, isBitmap: Bool) -> Int {
        isBitmap ? width / 8 + 16 : (width + 1 + numberEnd) * 4
    }

    /// Makes a bitmap of the keys.
    init(bitmapOf keys: [IntegerKeys], low: Int64, width: Int) {
        self.low = low
        self.width = width
        numbers = nil
        next = nil
        let bitmap = Buffer.zeroed(byteCount: (width / 64 + 2) * 8)
        let words = bitmap.pointer(to: UInt64.self)
        for list in keys {
            let values = list.values
            for row in 0..<list.count {
                let place = UInt64(bitPattern: values[row] &- low)
                words[Int(place &>> 6)] |= 1 &<< (place & 63)
            }
        }
        self.bitmap = bitmap
    }

    /// Enters the rows of `pages`; the keys of each list stand in the order of its rows.
    init(
        _ runs: [KeyRun], numberEnd: Int, low: Int64, width: Int, workers: Int,
        execution: QueryExecution
    ) throws(StarlingError) {
        self.low = low
        self.width = width
        bitmap = nil
        let numbers = Buffer(byteCount: (width + 1) * 4)
        let next = Buffer(byteCount: numberEnd * 4)
        let rowCount = runs.reduce(0) { $0 + $1.count }
        let workers = rowCount + width < 1 << 17 ? 1 : workers
        let isUnique = SharedFlag(true)
        let counter = SharedCounter()
        try execution.onWorkers(atMost: workers) { (_) throws(StarlingError) in
            while case let share = counter.next(), share < workers {
                let start = width * share / workers
                let end = width * (share + 1) / workers
                if Self.enter(runs, low: low, start..<end, numbers, next) { isUnique.clear() }
            }
        }
        numbers.pointer(to: UInt32.self)[width] = 0
        self.numbers = numbers
        self.next = isUnique.isSet ? nil : next
    }

    /// Enters the keys of a range of places, and tells whether two met at one place.
    private static func enter(
        _ runs: [KeyRun], low: Int64, _ range: Range<Int>, _ numbers: Buffer, _ next: Buffer
    ) -> Bool {
        let numbers = numbers.pointer(to: UInt32.self)
        let next = next.pointer(to: UInt32.self)
        (numbers + range.lowerBound).update(repeating: 0, count: range.count)
        let start = UInt64(range.lowerBound)
        let count = UInt64(range.count)
        var seen: UInt32 = 0
        for run in runs {
            let keys = run.keys.values + run.start
            for row in 0..<run.count {
                let place = UInt64(bitPattern: keys[row] &- low)
                guard place &- start < count else { continue }
                let number = run.firstNumber &+ UInt32(truncatingIfNeeded: row)
                let previous = numbers[Int(place)]
                seen |= previous
                next[Int(number)] = previous
                numbers[Int(place)] = number
            }
        }
        return seen != 0
    }

    /// Views the index for loops; valid while the index lives.
    var lookup: Lookup {
        Lookup(
            low: low, width: UInt64(width),
            numbers: numbers.map { UnsafePointer($0.pointer(to: UInt32.self)) },
            next: next.map { UnsafePointer($0.pointer(to: UInt32.self)) },
            bits: bitmap.map { UnsafePointer($0.pointer(to: UInt64.self)) })
    }

    struct Lookup {
        let low: Int64
        let width: UInt64
        let numbers: UnsafePointer<UInt32>?
        let next: UnsafePointer<UInt32>?
        let bits: UnsafePointer<UInt64>?
    }
}

/// Names consecutive rows of a store with their keys.
struct KeyRun: Sendable {
    let keys: IntegerKeys
    /// Where the run begins among the keys.
    let start: Int
    let count: Int
    /// The number of its first row; the others follow.
    let firstNumber: UInt32
}
