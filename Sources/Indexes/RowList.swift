// Rows of a segment, ascending, that are read all together.
//
//   list := 0, the rows left out before each row | 1, a bit a row of the segment
//
// Numbers have seven bits a byte. Bits stand where they are fewer bytes.

import StarlingErrors
import StarlingMemory

enum RowList {
    static func write(_ rows: [UInt32], rowCount: Int, to writer: ByteWriter) {
        let start = writer.count
        writer.append(UInt8(0))
        var next: UInt32 = 0
        for row in rows {
            writer.appendVarint(UInt64(row - next))
            next = row + 1
        }
        let bitByteCount = (rowCount + 7) / 8
        guard writer.count - start > bitByteCount + 1 else { return }
        writer.removeLast(downTo: start)
        writer.append(UInt8(1))
        var bits = [UInt8](repeating: 0, count: bitByteCount)
        for row in rows { bits[Int(row) / 8] |= 1 << UInt8(row % 8) }
        writer.append(bits)
    }

    /// Reads `count` rows below `rowCount`.
    static func read(
        _ slice: IndexSlice, count: Int, rowCount: Int
    ) throws(StarlingError) -> [UInt32] {
        guard count <= rowCount else { throw damagedIndex("a list has too many rows") }
        var cursor = IndexCursor(slice)
        var rows: [UInt32] = []
        rows.reserveCapacity(count)
        switch try cursor.integer(UInt8.self) {
        case 0:
            var next = 0
            for _ in 0..<count {
                let row = try cursor.varint(below: rowCount - next) + next
                rows.append(UInt32(truncatingIfNeeded: row))
                next = row + 1
            }
        case 1:
            for (place, byte) in try cursor.bytes((rowCount + 7) / 8).enumerated() {
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
        return rows
    }
}
