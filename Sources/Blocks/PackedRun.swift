/// Describes 1,024 numbers of a sequence: their bounds, and how to make them from packed bits.
///
/// Number i is `base` plus its bits; in a run of deltas it is the number before it plus `step` plus
/// its bits, and `base` is the first one.
struct PackedRun: BitwiseCopyable {
    var low: Int64
    var high: Int64
    var base: Int64
    var step: Int64 = 0
    /// Where the bits begin, counted from the sequence's data.
    var offset: UInt32 = 0
    /// Numbers whose bits did not fit: behind the packed bits stand their differences from the
    /// base, then their places, 2 bytes each.
    var exceptionCount: UInt16 = 0
    var width: UInt8 = 0
    var isDelta: UInt8 = 0

    /// False for deltas that differ: a number is the sum of all before it.
    var hasSingleNumbers: Bool { isDelta == 0 || width == 0 }

    var packedByteCount: Int { Int(width) * packedCount / 8 }

    var byteCount: Int {
        packedByteCount + Int(exceptionCount) * 8 + (Int(exceptionCount) * 2 + 7) / 8 * 8
    }
}
