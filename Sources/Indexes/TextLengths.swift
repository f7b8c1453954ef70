// How many terms the text of each row has.
//
//   lengths := for each 128 rows the width of a number (1), for each 128 rows the numbers, least
//              significant bit first, zeros to a full byte

import StarlingErrors
import StarlingMemory

/// Knows the lengths of the texts of a segment.
struct TextLengths: Sendable {
    private static let blockRowCount = 128

    private let slice: IndexSlice
    /// Where the numbers of each block begin.
    private var starts: [Int] = []
    private let rowCount: Int

    var byteCount: Int { slice.count + starts.count * 8 }

    init(_ slice: IndexSlice, rowCount: Int) throws(StarlingError) {
        self.slice = slice
        self.rowCount = rowCount
        let blockCount = (rowCount + Self.blockRowCount - 1) / Self.blockRowCount
        guard blockCount <= slice.count else { throw damagedIndex("it counts other rows") }
        var start = blockCount
        for block in 0..<blockCount {
            let width = slice.withBytes { Int($0[block]) }
            guard width <= 32 else { throw damagedIndex("a number is too wide") }
            starts.append(start)
            let count = min(Self.blockRowCount, rowCount - block * Self.blockRowCount)
            start += (count * width + 7) / 8
        }
        guard start == slice.count else { throw damagedIndex("it counts other rows") }
    }

    /// Counts the terms of a row.
    func length(ofRow row: Int) -> Int {
        precondition(row >= 0 && row < rowCount)
        let block = row / Self.blockRowCount
        return slice.withBytes { bytes in
            let width = Int(bytes[block])
            let bit = (row % Self.blockRowCount) * width
            guard let base = bytes.baseAddress else { return 0 }
            let word = (base + starts[block] + bit / 8).loadUnaligned(as: UInt64.self)
            return Int(word &>> UInt64(bit & 7) & ((1 &<< UInt64(width)) &- 1))
        }
    }

    static func write(_ lengths: [UInt32], to writer: ByteWriter) {
        let numbers = ByteWriter(capacity: lengths.count)
        let packed = ByteWriter(capacity: 512)
        for start in stride(from: 0, to: lengths.count, by: blockRowCount) {
            packed.removeAll()
            packed.appendPacked(Array(lengths[start..<min(start + blockRowCount, lengths.count)]))
            writer.append(packed.bytes[0])
            numbers.append(UnsafeRawBufferPointer(rebasing: packed.bytes[1...]))
        }
        writer.append(numbers.bytes)
    }
}
