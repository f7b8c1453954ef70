// The hybrid of runs and bit-packed groups that levels and dictionary indexes are written in.

import StarlingMemory

/// Encodes small numbers of one width.
enum HybridEncoding {
    /// A run shorter than this stays in the packed groups around it.
    private static let runCountMinimum = 16

    /// Appends `values`, each below 2 to the power of `bitWidth`.
    static func append<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Number>, count: Int, bitWidth: Int, to target: ByteWriter
    ) {
        var position = 0
        var packedStart = 0
        while position + 8 <= count {
            let first = values[position]
            var difference: Number = 0
            for place in 1..<8 { difference |= values[position &+ place] ^ first }
            guard difference == 0 else {
                position &+= 8
                continue
            }
            var end = position + 8
            while end < count, values[end] == first { end &+= 1 }
            guard end - position >= runCountMinimum else {
                position &+= 8
                continue
            }
            pack(values, packedStart..<position, bitWidth, to: target)
            appendRun(UInt64(first), count: end - position, bitWidth, to: target)
            position = end
            packedStart = end
        }
        pack(values, packedStart..<count, bitWidth, to: target)
    }

    static func appendRun(
        _ value: UInt64, count: Int, _ bitWidth: Int, to target: ByteWriter
    ) {
        target.appendVarint(UInt64(count) << 1)
        for byte in 0..<((bitWidth + 7) / 8) {
            target.append(UInt8(truncatingIfNeeded: value >> UInt64(byte * 8)))
        }
    }

    private static func pack<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Number>, _ range: Range<Int>, _ bitWidth: Int,
        to target: ByteWriter
    ) {
        guard !range.isEmpty else { return }
        // Only the last group may be short of 8 values; zeros fill it.
        let groupCount = (range.count + 7) / 8
        target.appendVarint(UInt64(groupCount) << 1 | 1)
        let written = (range.count * bitWidth + 7) / 8
        target.appendPacked(values + range.lowerBound, count: range.count, width: bitWidth)
        for _ in written..<(groupCount * bitWidth) { target.append(UInt8(0)) }
    }

    /// Appends definition levels of a column that is not nested: a bit a row, in runs of words.
    /// `rows` begins at a multiple of 64.
    static func appendBits(
        _ words: UnsafePointer<UInt64>, rows: Range<Int>, to target: ByteWriter
    ) {
        /// Tells whether a word's rows are all NULL (0), all valid (1) or mixed (2).
        func kind(_ row: Int) -> UInt64 {
            let left = rows.upperBound - row
            let mask = left >= 64 ? UInt64.max : (1 << UInt64(left)) - 1
            let bits = words[row >> 6] & mask
            return bits == 0 ? 0 : bits == mask ? 1 : 2
        }
        var row = rows.lowerBound
        while row < rows.upperBound {
            let first = kind(row)
            var end = row + 64
            while end < rows.upperBound, kind(end) == first { end += 64 }
            let count = min(end, rows.upperBound) - row
            if first < 2 {
                appendRun(first, count: count, 1, to: target)
            } else {
                let groupCount = (count + 7) / 8
                target.appendVarint(UInt64(groupCount) << 1 | 1)
                target.append(
                    UnsafeRawBufferPointer(
                        start: UnsafeRawPointer(words) + row / 8, count: groupCount))
            }
            row = end
        }
    }

    /// The bits that numbers up to `maximum` need.
    static func bitWidth(for maximum: Int) -> Int {
        maximum == 0 ? 0 : Int.bitWidth - maximum.leadingZeroBitCount
    }
}
