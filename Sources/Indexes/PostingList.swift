// The rows that have a term, and how often each has it.
//
//   list := 0, for each 128 rows: packed differences, packed counts
//         | 1, a bit a row of the segment, for each 128 rows: packed counts
//   packed := width of a number (1), the numbers, least significant bit first, zeros to a full byte
//
// A difference is the row less the one behind the row before, a count one less than it is. Lists
// without counts, as of values, have none. Bits stand where they are fewer bytes.

import StarlingErrors
import StarlingMemory

/// Holds the rows of a term, ascending, and how often each has it.
package struct PostingList: Sendable {
    package var rows: [UInt32] = []
    /// As many as there are rows; none where nobody counts.
    package var counts: [UInt32] = []
}

extension PostingList {
    static let blockRowCount = 128

    /// Writes the rows of a term.
    static func write(
        _ rows: ArraySlice<UInt32>, counts: [UInt32]?, rowCount: Int, to writer: ByteWriter
    ) {
        let start = writer.count
        writer.append(UInt8(0))
        writePacked(differences(of: rows), counts: nil, to: writer)
        let bitByteCount = (rowCount + 7) / 8
        if writer.count - start > bitByteCount + 1 {
            writer.removeLast(downTo: start)
            writer.append(UInt8(1))
            var bits = [UInt8](repeating: 0, count: bitByteCount)
            for row in rows { bits[Int(row) / 8] |= 1 << UInt8(row % 8) }
            writer.append(bits)
        }
        if let counts { writePacked(counts.map { $0 - 1 }, counts: nil, to: writer) }
    }

    private static func differences(of rows: ArraySlice<UInt32>) -> [UInt32] {
        var differences: [UInt32] = []
        differences.reserveCapacity(rows.count)
        var next: UInt32 = 0
        for row in rows {
            differences.append(row - next)
            next = row + 1
        }
        return differences
    }

    /// Writes numbers in blocks, each as wide as its largest; `counts` say how many a block has.
    static func writePacked(_ numbers: [UInt32], counts: [Int]?, to writer: ByteWriter) {
        numbers.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return }
            var start = 0
            var block = 0
            while start < all.count {
                let wanted = counts.map { $0[block] } ?? blockRowCount
                let count = Swift.min(wanted, all.count - start)
                block += 1
                var every: UInt32 = 0
                for place in start..<(start + count) { every |= base[place] }
                let width = 32 - every.leadingZeroBitCount
                writer.append(UInt8(width))
                writer.appendPacked(base + start, count: count, width: width)
                start += count
            }
        }
    }

    /// Reads a list of `count` rows below `rowCount`.
    init(
        _ slice: IndexSlice, count: Int, rowCount: Int, isCounted: Bool
    ) throws(StarlingError) {
        var cursor = IndexCursor(slice)
        guard count <= rowCount else { throw damagedIndex("a list has too many rows") }
        rows.reserveCapacity(count)
        switch try cursor.integer(UInt8.self) {
        case 0:
            try Self.readPacked(&cursor, count, into: &rows)
            var next: UInt64 = 0
            for place in rows.indices {
                let row = next + UInt64(rows[place])
                guard row < rowCount else { throw damagedIndex("a list names rows beyond all") }
                rows[place] = UInt32(row)
                next = row + 1
            }
        case 1:
            let bits = try cursor.bytes((rowCount + 7) / 8)
            for (place, byte) in bits.enumerated() where byte != 0 {
                var rest = byte
                while rest != 0 {
                    rows.append(UInt32(place * 8 + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
            guard rows.count == count, Int(rows.last ?? 0) < rowCount else {
                throw damagedIndex("a list has other rows than it says")
            }
        default: throw damagedIndex("a list is of no kind")
        }
        guard isCounted else { return }
        counts.reserveCapacity(count)
        try Self.readPacked(&cursor, count, into: &counts)
        for place in counts.indices { counts[place] &+= 1 }
    }

    static func readPacked(
        _ cursor: inout IndexCursor, _ count: Int, into numbers: inout [UInt32]
    ) throws(StarlingError) {
        var left = count
        while left > 0 {
            let block = Swift.min(left, blockRowCount)
            try cursor.appendPacked(block, to: &numbers)
            left -= block
        }
    }
}
