// Rows of one snapshot of a table, by the numbers that `NumberedTable` gives them: the place of the
// segment in the snapshot, and that of the row in the segment.

import StarlingTables

/// Is a set of rows of a snapshot.
package struct RowNumbers: Sendable {
    package private(set) var count = 0
    /// By the place of a segment.
    private(set) var sets: [Int: RowSet] = [:]

    package init() {}

    static func number(segment: Int, row: Int) -> Int64 { Int64(segment) << 32 | Int64(row) }

    /// Adds a row of a segment.
    package mutating func insert(segment: Int, row: Int) {
        if sets[segment, default: RowSet()].insert(row) { count += 1 }
    }

    /// Adds rows of a segment.
    package mutating func insert(segment: Int, rows: [Int]) {
        var set = sets.removeValue(forKey: segment) ?? RowSet()
        for row in rows where set.insert(row) { count += 1 }
        sets[segment] = set
    }

    /// Adds rows by their numbers.
    package mutating func insert(_ numbers: UnsafePointer<Int64>, count: Int) {
        var place = 0
        while place < count {
            let segment = Int(numbers[place] >> 32)
            // Rows of a segment tend to come together.
            var set = sets.removeValue(forKey: segment) ?? RowSet()
            while place < count, Int(numbers[place] >> 32) == segment {
                if set.insert(Int(numbers[place] & 0xFFFF_FFFF)) { self.count += 1 }
                place += 1
            }
            sets[segment] = set
        }
    }

    /// Adds the rows of another set.
    package mutating func formUnion(_ other: RowNumbers) {
        for (segment, rows) in other.sets { sets[segment, default: RowSet()].formUnion(rows) }
        count = sets.values.reduce(0) { $0 + $1.count }
    }

    /// Adds a row and tells whether it was not there.
    package mutating func insert(_ number: Int64) -> Bool {
        let (segment, row) = (Int(number >> 32), Int(number & 0xFFFF_FFFF))
        guard sets[segment, default: RowSet()].insert(row) else { return false }
        count += 1
        return true
    }
}
