// The hybrid of runs and bit-packed groups that levels and dictionary indexes are written in.

/// Encodes small numbers of one width.
struct HybridEncoder {
    private let bitWidth: Int
    private(set) var bytes: [UInt8] = []

    /// Encodes `values`, each below 2 to the power of `bitWidth`.
    init(_ values: [UInt32], bitWidth: Int) {
        self.bitWidth = bitWidth
        var position = 0
        var packedStart = 0
        while position < values.count {
            let run = runLength(values, from: position)
            // A run pays from 8 values on, and packed groups hold multiples of 8.
            let isAligned = (position - packedStart) % 8 == 0
            if run >= 8, isAligned || run >= 16 {
                let padding = isAligned ? 0 : 8 - (position - packedStart) % 8
                position += padding
                pack(values, packedStart..<position)
                writeRun(values[position], count: run - padding)
                position += run - padding
                packedStart = position
            } else {
                position += run
            }
        }
        pack(values, packedStart..<values.count)
    }

    private func runLength(_ values: [UInt32], from start: Int) -> Int {
        var end = start + 1
        while end < values.count, values[end] == values[start] { end += 1 }
        return end - start
    }

    private mutating func writeVarint(_ number: Int) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func writeRun(_ value: UInt32, count: Int) {
        writeVarint(count << 1)
        for byte in 0..<((bitWidth + 7) / 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(byte * 8)))
        }
    }

    private mutating func pack(_ values: [UInt32], _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let groupCount = (range.count + 7) / 8
        writeVarint(groupCount << 1 | 1)
        var pending: UInt64 = 0
        var pendingBits = 0
        for position in range.lowerBound..<(range.lowerBound + groupCount * 8) {
            let value = position < range.upperBound ? values[position] : 0
            pending |= UInt64(value) << UInt64(pendingBits)
            pendingBits += bitWidth
            while pendingBits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                pendingBits -= 8
            }
        }
        if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    }

    /// The bits that numbers up to `maximum` need.
    static func bitWidth(for maximum: Int) -> Int {
        maximum == 0 ? 0 : Int.bitWidth - maximum.leadingZeroBitCount
    }
}
