// DELTA_BINARY_PACKED: blocks of 128 differences, each less its block's smallest, in four groups of
// 32 with a bit width of their own.

import StarlingMemory

/// Encodes integers by their differences.
enum DeltaPacking {
    private static let blockCount = 128
    private static let groupCount = 32

    /// Appends `count` values. Differences wrap around in the values' own width.
    static func append<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Number>, count: Int, to target: ByteWriter
    ) where Number.Magnitude: BitwiseCopyable {
        target.appendVarint(UInt64(blockCount))
        target.appendVarint(UInt64(blockCount / groupCount))
        target.appendVarint(UInt64(count))
        target.appendZigzag(count > 0 ? Int64(truncatingIfNeeded: values[0]) : 0)
        var position = 1
        withUnsafeTemporaryAllocation(of: Number.self, capacity: blockCount) { signed in
            withUnsafeTemporaryAllocation(of: Number.Magnitude.self, capacity: blockCount) {
                differences in
                while position < count {
                    let inBlock = min(blockCount, count - position)
                    appendBlock(
                        values + position, inBlock, signed.baseAddress!, differences.baseAddress!,
                        to: target)
                    position += inBlock
                }
            }
        }
    }

    @inline(__always)
    private static func appendBlock<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Number>, _ count: Int, _ signed: UnsafeMutablePointer<Number>,
        _ differences: UnsafeMutablePointer<Number.Magnitude>, to target: ByteWriter
    ) where Number.Magnitude: BitwiseCopyable {
        var least = Number.max
        for place in 0..<count {
            let difference = values[place] &- values[place &- 1]
            signed[place] = difference
            least = min(least, difference)
        }
        for place in 0..<count {
            differences[place] = Number.Magnitude(truncatingIfNeeded: signed[place] &- least)
        }
        for place in count..<blockCount { differences[place] = 0 }
        target.appendZigzag(Int64(truncatingIfNeeded: least))
        let usedGroups = (count + groupCount - 1) / groupCount
        var widths: (Int, Int, Int, Int) = (0, 0, 0, 0)
        for group in 0..<(blockCount / groupCount) {
            var all: Number.Magnitude = 0
            for place in 0..<groupCount { all |= differences[group * groupCount &+ place] }
            let width = group < usedGroups ? all.bitWidth - all.leadingZeroBitCount : 0
            target.append(UInt8(truncatingIfNeeded: width))
            switch group {
            case 0: widths.0 = width
            case 1: widths.1 = width
            case 2: widths.2 = width
            default: widths.3 = width
            }
        }
        for group in 0..<usedGroups {
            let width =
                group == 0 ? widths.0 : group == 1 ? widths.1 : group == 2 ? widths.2 : widths.3
            target.appendPacked(
                differences + group * groupCount, count: groupCount, width: width)
        }
    }
}
