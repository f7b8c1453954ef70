import StarlingVectors

/// Is a set of rows of a part: a bit a row.
package struct RowSet: Sendable, Hashable {
    private var words: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    package init(_ rows: some Sequence<Int>) {
        for row in rows { _ = insert(row) }
    }

    package var isEmpty: Bool { count == 0 }

    /// The row behind the last one.
    package var end: Int {
        guard let place = words.lastIndex(where: { $0 != 0 }) else { return 0 }
        return place * 64 + 64 - words[place].leadingZeroBitCount
    }

    /// Adds a row and tells whether it was not there.
    package mutating func insert(_ row: Int) -> Bool {
        let (word, bit) = (row / 64, UInt64(1) << UInt64(row % 64))
        if words.count <= word {
            words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
        }
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }

    package func contains(_ row: Int) -> Bool {
        row / 64 < words.count && words[row / 64] & (1 << UInt64(row % 64)) != 0
    }

    /// Lists the rows, ascending.
    package var rows: [Int] {
        var rows: [Int] = []
        rows.reserveCapacity(count)
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                rows.append(place * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return rows
    }

    /// The rows as ranges, ascending and without touching each other.
    package var ranges: [Range<Int>] {
        var result = RowRanges()
        for row in rows { result.append(row..<(row + 1)) }
        return result.ranges
    }

    /// Adds rows that are counted from `offset` on.
    package mutating func formUnion(_ other: RowSet, from offset: Int = 0) {
        guard offset % 64 == 0 else {
            for row in other.rows { _ = insert(row + offset) }
            return
        }
        let first = offset / 64
        if words.count < first + other.words.count {
            words.append(
                contentsOf: repeatElement(0, count: first + other.words.count - words.count))
        }
        for (place, word) in other.words.enumerated() {
            count += (word & ~words[first + place]).nonzeroBitCount
            words[first + place] |= word
        }
    }

    /// Returns the rows of a range, counted from its beginning.
    package func part(_ range: Range<Int>) -> RowSet {
        var part = RowSet()
        let first = range.lowerBound / 64
        let last = max(first, min(words.count, (range.upperBound + 63) / 64))
        for place in first..<last {
            var rest = words[place]
            while rest != 0 {
                let row = place * 64 + rest.trailingZeroBitCount
                rest &= rest - 1
                if range.contains(row) { _ = part.insert(row - range.lowerBound) }
            }
        }
        return part
    }

    /// Selects the rows of a window that are not in the set; nil where that is all of them.
    package func others(in window: Range<Int>) -> Selection? {
        let last = min(words.count, (window.upperBound + 63) / 64)
        let first = window.lowerBound / 64
        guard first < last, words[first..<last].contains(where: { $0 != 0 }) else { return nil }
        var selection = Selection()
        let target = selection.rows
        for row in window where !contains(row) {
            target[selection.count] = UInt16(truncatingIfNeeded: row - window.lowerBound)
            selection.count += 1
        }
        return selection.count == window.count ? nil : selection
    }
}
