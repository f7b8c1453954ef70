// Rows of one snapshot of a table, by the numbers that `NumberedTable` gives them: the place of the
// segment in the snapshot, and that of the row in the segment.

/// Is a set of rows of a snapshot.
package struct RowNumbers {
    package private(set) var count = 0
    /// By the place of a segment: a bit a row.
    private var words: [Int: [UInt64]] = [:]

    package init() {}

    static func number(segment: Int, row: Int) -> Int64 { Int64(segment) << 32 | Int64(row) }

    /// Adds a row and tells whether it was not there.
    package mutating func insert(_ number: Int64) -> Bool {
        let (segment, row) = (Int(number >> 32), Int(number & 0xFFFF_FFFF))
        let (word, bit) = (row / 64, UInt64(1) << UInt64(row % 64))
        var own = words[segment] ?? []
        words[segment] = nil
        defer { words[segment] = own }
        if own.count <= word {
            own.append(contentsOf: repeatElement(0, count: word + 1 - own.count))
        }
        guard own[word] & bit == 0 else { return false }
        own[word] |= bit
        count += 1
        return true
    }

    /// The places of the segments that have rows in the set, ascending.
    var segments: [Int] { words.keys.sorted() }

    func contains(segment: Int, row: Int) -> Bool {
        guard let own = words[segment], row / 64 < own.count else { return false }
        return own[row / 64] & (1 << UInt64(row % 64)) != 0
    }
}
