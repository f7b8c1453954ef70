import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Says how values follow from those of another column, the base, and from numbers.
protocol ColumnRelation: Sendable {
    /// The layout in which values of `type` are reckoned.
    static func layout(for type: PhysicalType) -> PhysicalType

    /// Finds the relation of values to others, and makes the numbers; nil where it isn't there.
    init?(
        of values: UnsafePointer<Int64>, to base: UnsafePointer<Int64>, count: Int,
        validity: Validity?, numbers: UnsafeMutablePointer<Int64>)

    func append(to writer: ByteWriter)

    /// The bounds of values whose base and whose numbers lie within others.
    func bounds(_ base: Bounds, _ numbers: Bounds) -> Bounds

    /// Makes values of numbers.
    func combine<Target: FixedWidthInteger & BitwiseCopyable>(
        _ numbers: UnsafeMutablePointer<Target>, with base: UnsafePointer<Target>, count: Int)
}

/// Adds the numbers to the base: days on which something was sent, after it was ordered.
struct DifferenceRelation: ColumnRelation {
    /// Sums wrap around in the layout itself, or in 64 bits, of which wider ones are made.
    static func layout(for type: PhysicalType) -> PhysicalType { type == .int128 ? .int64 : type }

    init() {}

    init(
        of values: UnsafePointer<Int64>, to base: UnsafePointer<Int64>, count: Int,
        validity: Validity?, numbers: UnsafeMutablePointer<Int64>
    ) {
        for row in 0..<count { numbers[row] = values[row] &- base[row] }
    }

    func append(to writer: ByteWriter) {}

    func bounds(_ base: Bounds, _ numbers: Bounds) -> Bounds {
        Bounds(low: base.low + numbers.low, high: base.high + numbers.high)
    }

    @inline(__always)
    func combine<Target: FixedWidthInteger & BitwiseCopyable>(
        _ numbers: UnsafeMutablePointer<Target>, with base: UnsafePointer<Target>, count: Int
    ) {
        for row in 0..<count { numbers[row] &+= base[row] }
    }
}

/// Multiplies the numbers by the base, which is counted in units: a price by a quantity, whose last
/// two digits are its hundredths.
package struct ProductRelation: ColumnRelation {
    static let byteCount = 8

    /// The base must be there as a whole to be divided.
    static func layout(for type: PhysicalType) -> PhysicalType { .int64 }

    /// Divides all values of the base.
    private let unit: Int64

    init(_ bytes: UnsafeRawBufferPointer) throws(StarlingError) {
        guard bytes.count >= Self.byteCount else { throw blockDamage("its unit is cut off") }
        unit = bytes.load(as: Int64.self)
        guard unit > 0 else { throw blockDamage("its unit is \(unit)") }
    }

    init?(
        of values: UnsafePointer<Int64>, to base: UnsafePointer<Int64>, count: Int,
        validity: Validity?, numbers: UnsafeMutablePointer<Int64>
    ) {
        guard let unit = Self.unit(of: UnsafeBufferPointer(start: base, count: count)) else {
            return nil
        }
        self.unit = unit
        var last: Int64 = 0
        for row in 0..<count {
            if validity?.isValid(row) ?? true {
                guard
                    let factor = Self.factor(of: values[row], base[row], unit: unit, or: last)
                else { return nil }
                last = factor
            }
            numbers[row] = last
        }
    }

    /// Finds what divides all numbers; nil where they are all zero.
    package static func unit(of numbers: UnsafeBufferPointer<Int64>) -> Int64? {
        var unit: UInt64 = 0
        for number in numbers {
            let magnitude = number.magnitude
            if unit == 0 {
                unit = magnitude
            } else if magnitude % unit != 0 {
                var rest = magnitude % unit
                while rest != 0 { (unit, rest) = (rest, unit % rest) }
            }
            if unit == 1 { break }
        }
        return unit == 0 ? nil : Int64(exactly: unit)
    }

    /// Finds the number by which the units of a base become a value, any one, so `other`, where both
    /// are zero; nil where there is none.
    @inline(__always)
    package static func factor(of value: Int64, _ base: Int64, unit: Int64, or other: Int64)
        -> Int64?
    {
        if base == 0 { return value == 0 ? other : nil }
        let (factor, overflows) = value.dividedReportingOverflow(by: base / unit)
        return !overflows && factor &* (base / unit) == value ? factor : nil
    }

    func append(to writer: ByteWriter) { writer.append(UInt64(unit)) }

    func bounds(_ base: Bounds, _ numbers: Bounds) -> Bounds {
        let units = [base.low / Int128(unit), base.high / Int128(unit)]
        let corners = units.flatMap { [$0 * numbers.low, $0 * numbers.high] }
        return Bounds(low: corners.min() ?? 0, high: corners.max() ?? 0)
    }

    /// Units are counted by a shift and by the inverse of the odd part, since the base is a multiple.
    @inline(__always)
    func combine<Target: FixedWidthInteger & BitwiseCopyable>(
        _ numbers: UnsafeMutablePointer<Target>, with base: UnsafePointer<Target>, count: Int
    ) {
        let shift = Target(truncatingIfNeeded: unit.trailingZeroBitCount)
        let odd = unit >> Int64(unit.trailingZeroBitCount)
        // Each step doubles the bits that are right, of which there are three at first.
        var inverse = odd
        for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
        let factor = Target(truncatingIfNeeded: inverse)
        for row in 0..<count { numbers[row] = numbers[row] &* ((base[row] &>> shift) &* factor) }
    }
}
