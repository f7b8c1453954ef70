// Where sums gather: those of integers and decimals in 64 bits when bounds prove that they suffice,
// else in 128; those of floating-point numbers in a DOUBLE.

import StarlingErrors
import StarlingVectors

/// Is an integer that values are stored as.
protocol StoredInteger: FixedWidthInteger, SignedInteger, BitwiseCopyable, Sendable {}

extension Int8: StoredInteger {}
extension Int16: StoredInteger {}
extension Int32: StoredInteger {}
extension Int64: StoredInteger {}
extension Int128: StoredInteger {}

/// Sums values of one type.
protocol SumAccumulator: StoredState, Sendable {
    associatedtype Input: BitwiseCopyable
    mutating func add(_ value: Input)
    mutating func addAll(_ values: UnsafePointer<Input>, count: Int)
    mutating func add(_ value: Input, count: Int)
    mutating func merge(_ other: Self)
}

/// Sums integers exactly.
protocol IntegerAccumulator: SumAccumulator where Input: StoredInteger {
    /// Gives the sum, or nil where it left 128 bits on the way.
    var total: Int128? { get }
}

/// Sums in 64 bits; only for sums that are proven to fit.
struct NarrowSum<Input: StoredInteger>: IntegerAccumulator {
    private var sum: Int64

    @inline(__always)
    mutating func add(_ value: Input) { sum &+= Int64(truncatingIfNeeded: value) }

    @inline(__always)
    mutating func addAll(_ values: UnsafePointer<Input>, count: Int) {
        var sum = self.sum
        for row in 0..<count { sum &+= Int64(truncatingIfNeeded: values[row]) }
        self.sum = sum
    }

    @inline(__always)
    mutating func add(_ value: Input, count: Int) {
        sum &+= Int64(truncatingIfNeeded: value) &* Int64(count)
    }

    @inline(__always)
    mutating func merge(_ other: Self) { sum &+= other.sum }

    var total: Int128? { Int128(sum) }

    func write(to writer: inout StateWriter) {
        WideSum<Input>(of: Int128(sum)).write(to: &writer)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        let total = try WideSum<Input>.read(from: &reader, heap).total
        guard let total, let sum = Int64(exactly: total) else { throw StateReader.damage }
        return Self(sum: sum)
    }
}

/// Sums in 128 bits, kept as two words since states are aligned to 8.
struct WideSum<Input: StoredInteger>: IntegerAccumulator {
    private var low: UInt64
    private var high: Int64
    private var hasOverflowed: Int64

    private init(low: UInt64, high: Int64, hasOverflowed: Int64) {
        self.low = low
        self.high = high
        self.hasOverflowed = hasOverflowed
    }

    init(of sum: Int128) {
        self.init(
            low: UInt64(truncatingIfNeeded: sum), high: Int64(truncatingIfNeeded: sum &>> 64),
            hasOverflowed: 0)
    }

    @inline(__always)
    private mutating func add(low otherLow: UInt64, high otherHigh: Int64) {
        let (sum, carry) = low.addingReportingOverflow(otherLow)
        let (upper, overflow) = high.addingReportingOverflow(otherHigh)
        let (carried, carryOverflow) = upper.addingReportingOverflow(carry ? 1 : 0)
        low = sum
        high = carried
        // Both at once cancel each other out: a low end that was left is come back to.
        hasOverflowed |= (overflow != carryOverflow) ? 1 : 0
    }

    @inline(__always)
    private mutating func addInteger<Integer: StoredInteger>(_ value: Integer) {
        let word = Int64(truncatingIfNeeded: value)
        let high =
            Integer.bitWidth > 64 ? Int64(truncatingIfNeeded: value &>> 64) : word &>> 63
        add(low: UInt64(bitPattern: word), high: high)
    }

    @inline(__always)
    mutating func add(_ value: Input) { addInteger(value) }

    @inline(__always)
    mutating func addAll(_ values: UnsafePointer<Input>, count: Int) {
        if Input.bitWidth <= 32 {
            var sum: Int64 = 0
            for row in 0..<count { sum &+= Int64(truncatingIfNeeded: values[row]) }
            addInteger(sum)
        } else if Input.bitWidth == 64 {
            // Halves are summed apart, in lanes; neither sum can leave 64 bits.
            var lowSum: UInt64 = 0
            var highSum: Int64 = 0
            for row in 0..<count {
                let word = Int64(truncatingIfNeeded: values[row])
                lowSum &+= UInt64(bitPattern: word) & 0xFFFF_FFFF
                highSum &+= word &>> 32
            }
            addInteger(Int128(highSum) &<< 32 &+ Int128(lowSum))
        } else {
            for row in 0..<count { addInteger(values[row]) }
        }
    }

    @inline(__always)
    mutating func add(_ value: Input, count: Int) {
        let (product, overflow) = Int128(value).multipliedReportingOverflow(by: Int128(count))
        if overflow { hasOverflowed = 1 }
        addInteger(product)
    }

    @inline(__always)
    mutating func merge(_ other: Self) {
        add(low: other.low, high: other.high)
        hasOverflowed |= other.hasOverflowed
    }

    var total: Int128? {
        hasOverflowed != 0 ? nil : Int128(high) << 64 | Int128(low)
    }

    func write(to writer: inout StateWriter) {
        writer.append(low)
        writer.append(high)
        writer.append(UInt8(hasOverflowed == 0 ? 0 : 1))
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        Self(
            low: try reader.read(), high: try reader.read(),
            hasOverflowed: Int64(try reader.read(UInt8.self)))
    }
}

/// Sums floating-point numbers, runs of them in eight lanes.
struct FloatingSum<Input: BinaryFloatingPoint & BitwiseCopyable & Sendable>: SumAccumulator {
    private(set) var total: Double

    @inline(__always)
    mutating func add(_ value: Input) { total += Double(value) }

    @inline(__always)
    mutating func addAll(_ values: UnsafePointer<Input>, count: Int) {
        var lanes = SIMD8<Double>.zero
        let whole = count / 8 * 8
        for row in stride(from: 0, to: whole, by: 8) {
            var next = SIMD8<Double>.zero
            for lane in 0..<8 { next[lane] = Double(values[row &+ lane]) }
            lanes += next
        }
        var sum = lanes.sum()
        for row in whole..<count { sum += Double(values[row]) }
        total += sum
    }

    @inline(__always)
    mutating func add(_ value: Input, count: Int) {
        for _ in 0..<count { add(value) }
    }

    @inline(__always)
    mutating func merge(_ other: Self) { total += other.total }

    func write(to writer: inout StateWriter) { writer.append(total) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        Self(total: try reader.readDouble())
    }
}
