// Which rows of a part are worth reading: what statistics of its zones leave over.

/// Holds ranges of rows, ascending and without touching each other.
package struct RowRanges: Sendable, Hashable {
    package private(set) var ranges: [Range<Int>] = []

    package init() {}

    package init(_ range: Range<Int>) { append(range) }

    package var isEmpty: Bool { ranges.isEmpty }

    package var rowCount: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Adds rows behind those that are there, or touching the last of them; those between, too, where no
    /// more than `gapMax` lie there.
    package mutating func append(_ range: Range<Int>, bridging gapMax: Int = 0) {
        if range.isEmpty { return }
        if let last = ranges.last, range.lowerBound - last.upperBound <= gapMax {
            ranges[ranges.count - 1] =
                last.lowerBound..<max(last.upperBound, range.upperBound)
        } else {
            ranges.append(range)
        }
    }

    /// Returns the rows that are in both.
    package func intersection(_ other: RowRanges) -> RowRanges {
        var result = RowRanges()
        var (left, right) = (0, 0)
        while left < ranges.count, right < other.ranges.count {
            result.append(ranges[left].clamped(to: other.ranges[right]))
            if ranges[left].upperBound < other.ranges[right].upperBound {
                left += 1
            } else {
                right += 1
            }
        }
        return result
    }

    /// Returns these rows with those in between, where no more than `gapMax` lie there.
    package func spanning(gapsUpTo gapMax: Int) -> RowRanges {
        var result = RowRanges()
        for range in ranges { result.append(range, bridging: gapMax) }
        return result
    }

    /// Returns the number of the first range that ends behind a row.
    package func place(behind row: Int) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Tells whether any row of `range` is among these.
    package func overlaps(_ range: Range<Int>) -> Bool {
        let place = place(behind: range.lowerBound)
        return place < ranges.count && ranges[place].lowerBound < range.upperBound
    }
}
