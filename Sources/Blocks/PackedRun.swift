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
    /// Numbers that the bits are too few for: behind the packed bits they stand whole, and behind
    /// them their places, 2 bytes each.
    var exceptionCount: UInt16 = 0
    var width: UInt8 = 0
    /// 1 for deltas, and 2, 4 or 6 more where exceptions have 1, 2 or 4 bytes and not 8.
    private(set) var form: UInt8 = 0

    init(low: Int64, high: Int64, base: Int64) {
        (self.low, self.high, self.base) = (low, high, base)
    }

    /// The greatest `form`.
    static let formMax: UInt8 = 7

    /// Puts together what stands in a file; nil where it cannot be.
    init?(
        low: Int64, span: Int64, baseOffset: Int64, step: Int64, width: Int64,
        exceptionCount: Int64, form: Int64
    ) {
        guard let width = UInt8(exactly: width), width <= 64,
            let exceptionCount = UInt16(exactly: exceptionCount), exceptionCount <= packedCount,
            let form = UInt8(exactly: form), form <= Self.formMax
        else { return nil }
        self.init(low: low, high: low &+ span, base: low &+ baseOffset)
        (self.step, self.width, self.exceptionCount) = (step, width, exceptionCount)
        self.form = form
    }

    var isDelta: Bool {
        get { form & 1 != 0 }
        set { form = form & ~1 | (newValue ? 1 : 0) }
    }

    /// The bytes of an exception: 1, 2, 4 or 8.
    var exceptionByteCount: Int {
        get {
            let shorter = Int(form >> 1)
            return shorter == 0 ? 8 : 1 << (shorter - 1)
        }
        set { form = form & 1 | UInt8(newValue == 8 ? 0 : newValue.trailingZeroBitCount + 1) << 1 }
    }

    /// False for deltas that differ: a number is the sum of all before it.
    var hasSingleNumbers: Bool { !isDelta || (width == 0 && exceptionCount == 0) }

    var packedByteCount: Int { Int(width) * packedCount / 8 }

    var byteCount: Int {
        packedByteCount + (Int(exceptionCount) * (exceptionByteCount + 2) + 7) / 8 * 8
    }

    /// Hands out the exceptions, which stand at `bytes`, and their places.
    @inline(__always)
    func visitExceptions(
        at bytes: UnsafeRawPointer, _ body: (_ place: Int, _ number: UInt64) -> Void
    ) {
        let (count, size) = (Int(exceptionCount), exceptionByteCount)
        let places = bytes + count * size
        for exception in 0..<count {
            let place = Int(places.loadUnaligned(fromByteOffset: exception * 2, as: UInt16.self))
            let source = bytes + exception * size
            let number: UInt64 =
                switch size {
                case 1: UInt64(source.load(as: UInt8.self))
                case 2: UInt64(source.loadUnaligned(as: UInt16.self))
                case 4: UInt64(source.loadUnaligned(as: UInt32.self))
                default: source.loadUnaligned(as: UInt64.self)
                }
            body(place & (packedCount - 1), number)
        }
    }
}
