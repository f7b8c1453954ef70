// A set of rows of a part: the rows themselves where they are few, else a bit a row. A table has many
// sets of few rows, one for each segment of each of its versions.

import StarlingVectors

/// Is a set of rows of a part.
package struct RowSet: Sendable {
    /// So many rows take less memory as a list than as bits, whatever they are.
    private static let listedCountMax = 512

    /// The rows, ascending, as long as there are no more than `listedCountMax`; then none.
    private var listed: [UInt32] = []
    private var words: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    /// Holds all rows of a range.
    package init(_ range: Range<Int>) {
        guard range.count > Self.listedCountMax else {
            listed = range.map { UInt32($0) }
            count = listed.count
            return
        }
        words = Array(repeating: 0, count: (range.upperBound + 63) / 64)
        for place in (range.lowerBound / 64)..<words.count { words[place] = ~0 }
        words[range.lowerBound / 64] &= ~0 << UInt64(range.lowerBound % 64)
        let beyond = words.count * 64 - range.upperBound
        words[words.count - 1] &= ~0 >> UInt64(beyond)
        count = range.count
    }

    package init(_ rows: some Sequence<Int>) {
        for row in rows { _ = insert(row) }
    }

    package var isEmpty: Bool { count == 0 }
    private var isListed: Bool { count <= Self.listedCountMax }

    /// The row behind the last one.
    package var end: Int {
        if isListed { return listed.last.map { Int($0) + 1 } ?? 0 }
        guard let place = words.lastIndex(where: { $0 != 0 }) else { return 0 }
        return place * 64 + 64 - words[place].leadingZeroBitCount
    }

    // MARK: Changing

    /// Adds a row and tells whether it was not there.
    package mutating func insert(_ row: Int) -> Bool {
        guard isListed else { return insertBit(row) }
        let place = self.place(of: row)
        if place < listed.count, Int(listed[place]) == row { return false }
        if count == Self.listedCountMax {
            becomeBits()
            return insertBit(row)
        }
        listed.insert(UInt32(row), at: place)
        count += 1
        return true
    }

    private mutating func insertBit(_ row: Int) -> Bool {
        let (word, bit) = (row / 64, UInt64(1) << UInt64(row % 64))
        if words.count <= word {
            words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
        }
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }

    /// Makes bits of the list; the next row has to come at once.
    private mutating func becomeBits() {
        words = Array(repeating: 0, count: end / 64 + 1)
        for row in listed { words[Int(row) / 64] |= 1 << UInt64(row % 64) }
        listed = []
    }

    /// Takes a row away.
    package mutating func remove(_ row: Int) {
        guard contains(row) else { return }
        if isListed {
            listed.remove(at: place(of: row))
            count -= 1
            return
        }
        words[row / 64] &= ~(1 << UInt64(row % 64))
        if count == Self.listedCountMax + 1 {
            listed = bits.map { UInt32($0) }
            words = []
        }
        count -= 1
    }

    /// Adds rows that are counted from `offset` on.
    package mutating func formUnion(_ other: RowSet, from offset: Int = 0) {
        guard !other.isListed, offset % 64 == 0 else {
            for row in other.rows { _ = insert(row + offset) }
            return
        }
        if isListed {
            // The other set alone is too large for a list.
            becomeBits()
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

    // MARK: Asking

    /// Counts the listed rows below a row.
    private func place(of row: Int) -> Int {
        if let last = listed.last, Int(last) < row { return listed.count }
        var (low, high) = (0, listed.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(listed[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    package func contains(_ row: Int) -> Bool {
        if isListed {
            let place = self.place(of: row)
            return place < listed.count && Int(listed[place]) == row
        }
        return row / 64 < words.count && words[row / 64] & (1 << UInt64(row % 64)) != 0
    }

    /// Lists the rows, ascending.
    package var rows: [Int] { isListed ? listed.map { Int($0) } : bits }

    private var bits: [Int] {
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

    /// Lists the rows that are not in another set, ascending.
    package func rows(notIn other: RowSet) -> [Int] {
        guard !isListed, !other.isListed else { return rows.filter { !other.contains($0) } }
        var rows: [Int] = []
        let (own, others) = (words, other.words)
        let both = min(own.count, others.count)
        var place = 0
        while place < own.count {
            // Two versions of a set differ in few words.
            while place < both, own[place] == others[place] { place &+= 1 }
            guard place < own.count else { break }
            var rest = own[place] & ~(place < both ? others[place] : 0)
            while rest != 0 {
                rows.append(place * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
            place &+= 1
        }
        return rows
    }

    /// Counts the rows of a range.
    package func count(in range: Range<Int>) -> Int {
        if isListed { return place(of: range.upperBound) - place(of: range.lowerBound) }
        let end = min(range.upperBound, words.count * 64)
        guard range.lowerBound < end else { return 0 }
        let (first, last) = (range.lowerBound / 64, (end - 1) / 64)
        var count = 0
        for place in first...last {
            var word = words[place]
            if place == first { word &= ~0 << UInt64(range.lowerBound % 64) }
            if place == last, end % 64 != 0 { word &= ~(~0 << UInt64(end % 64)) }
            count += word.nonzeroBitCount
        }
        return count
    }

    /// Returns the rows of a range, counted from its beginning.
    package func part(_ range: Range<Int>) -> RowSet {
        var part = RowSet()
        if isListed {
            for row in listed[place(of: range.lowerBound)..<place(of: range.upperBound)] {
                _ = part.insert(Int(row) - range.lowerBound)
            }
            return part
        }
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
        let gone = count(in: window)
        guard gone > 0 else { return nil }
        var selection = Selection()
        let target = selection.rows
        var count = 0
        if isListed {
            var next = place(of: window.lowerBound)
            for row in window {
                if next < listed.count, Int(listed[next]) == row {
                    next += 1
                    continue
                }
                target[count] = UInt16(truncatingIfNeeded: row &- window.lowerBound)
                count &+= 1
            }
            selection.count = count
            return selection
        }
        for place in (window.lowerBound / 64)..<((window.upperBound + 63) / 64) {
            var rest = place < words.count ? ~words[place] : ~0
            if place == window.lowerBound / 64 {
                rest &= ~0 << UInt64(window.lowerBound % 64)
            }
            let beyond = (place + 1) * 64 - window.upperBound
            if beyond > 0 { rest &= ~0 >> UInt64(beyond) }
            let start = place * 64 - window.lowerBound
            while rest != 0 {
                target[count] = UInt16(truncatingIfNeeded: start &+ rest.trailingZeroBitCount)
                count &+= 1
                rest &= rest &- 1
            }
        }
        selection.count = count
        return selection
    }
}

extension RowSet: Hashable {
    package static func == (left: RowSet, right: RowSet) -> Bool {
        left.count == right.count && left.rows == right.rows
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(rows) }
}
