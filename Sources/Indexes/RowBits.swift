// Lists of rows of a segment, put together.

import StarlingTables

/// Holds rows of a segment as bits, to put lists together.
struct RowBits {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    mutating func insert(_ rows: [UInt32]) {
        for row in rows { words[Int(row &>> 6)] |= 1 &<< UInt64(row & 63) }
    }

    /// Lists the rows, ascending.
    var rows: [UInt32] {
        var rows: [UInt32] = []
        for (place, word) in words.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                rows.append(UInt32(place &* 64 &+ rest.trailingZeroBitCount))
                rest &= rest &- 1
            }
        }
        return rows
    }
}

/// Puts ascending lists of rows together.
package enum RowLists {
    /// Lists the rows of ranges.
    package static func rows(of ranges: RowRanges) -> [UInt32] {
        ranges.ranges.flatMap { range in range.map { UInt32(truncatingIfNeeded: $0) } }
    }

    /// Counts the rows of an ascending list below one.
    package static func place(of row: Int, in rows: [UInt32]) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Lists the rows below `count` that are in some of several lists.
    package static func union(_ lists: [[UInt32]], count: Int) -> [UInt32] {
        if lists.count == 1 { return lists[0] }
        var bits = RowBits(count: count)
        for list in lists { bits.insert(list) }
        return bits.rows
    }

    package static func intersection(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        if left.count > right.count { return intersection(right, left) }
        var result: [UInt32] = []
        result.reserveCapacity(left.count)
        var low = 0
        for row in left {
            // Steps grow, so that short lists cost little against long ones.
            var step = 1
            var high = low
            while high < right.count, right[high] < row {
                low = high + 1
                high += step
                step *= 2
            }
            high = min(high, right.count)
            while low < high {
                let middle = (low + high) / 2
                if right[middle] < row { low = middle + 1 } else { high = middle }
            }
            if low < right.count, right[low] == row { result.append(row) }
        }
        return result
    }

    /// Lists the rows of some ranges that are in none of two lists.
    static func complement(
        of rows: [UInt32], and others: [UInt32], within ranges: RowRanges
    ) -> [UInt32] {
        var result: [UInt32] = []
        var (place, other) = (0, 0)
        for range in ranges.ranges {
            for row in range {
                let row = UInt32(truncatingIfNeeded: row)
                while place < rows.count, rows[place] < row { place += 1 }
                while other < others.count, others[other] < row { other += 1 }
                if place < rows.count, rows[place] == row { continue }
                if other < others.count, others[other] == row { continue }
                result.append(row)
            }
        }
        return result
    }
}
