// Bounds as row groups and pages have them: bytes, whose order and form depend on the type. What
// can't be a bound is none:
//
//  - INT96 and INTERVAL have no order, JSON none that SQL shares, and what annotations stand for that
//    are not known here may have any.
//  - The deprecated fields order bytes as signed, so they count for signed numbers only; the newer
//    ones of other types count only where the footer names their order.
//  - A NaN bounds nothing. -0 equals 0 wherever values are compared, so zeros need no care.
//  - A decimal that was cut short is another number; strings may be cut.

import StarlingTables
import StarlingTypes

/// Reads the bounds of one column.
struct BoundReader {
    let source: ColumnSource
    let type: LogicalType
    /// True where the footer says that the bounds follow the order of the type.
    let hasOrder: Bool

    private var isSignedNumber: Bool {
        (source.carrier == .int32 || source.carrier == .int64) && source.meaning != .unsigned
    }

    /// Takes the bounds of a row group where both are certain.
    func read(_ metadata: StatisticsMetadata, into statistics: inout ColumnStatistics) {
        let usesNew = hasOrder || isSignedNumber
        let minimum =
            (usesNew ? metadata.minimum : nil) ?? (isSignedNumber ? metadata.oldMinimum : nil)
        let maximum =
            (usesNew ? metadata.maximum : nil) ?? (isSignedNumber ? metadata.oldMaximum : nil)
        guard let minimum, let maximum else { return }
        read(
            minimum, maximum, isMinimumExact: metadata.isMinimumExact,
            isMaximumExact: metadata.isMaximumExact, into: &statistics)
    }

    /// Takes two bounds where both mean something; says of each whether it is a value that occurs.
    func read(
        _ minimum: [UInt8], _ maximum: [UInt8], isMinimumExact: Bool?, isMaximumExact: Bool?,
        into statistics: inout ColumnStatistics
    ) {
        guard hasOrder || isSignedNumber,
            let low = value(minimum, isExact: isMinimumExact),
            let high = value(maximum, isExact: isMaximumExact), isAscending(low, high)
        else { return }
        statistics.low = low
        statistics.high = high
        // Writers cut strings short; numbers they leave as they are, even where they don't say so.
        // Of floating-point numbers no bound is exact: it says nothing about NaN and the sign of 0.
        let isWhole =
            switch source.carrier {
            case .boolean, .int32, .int64: true
            case .fixedLengthByteArray: source.meaning == .bigEndianDecimal
            default: false
            }
        let isNumberOfBits = type.isFloating
        statistics.isLowExact = !isNumberOfBits && (isMinimumExact ?? isWhole)
        statistics.isHighExact = !isNumberOfBits && (isMaximumExact ?? isWhole)
    }

    private func isAscending(_ low: Value, _ high: Value) -> Bool {
        switch (low, high) {
        case (.integer(let low), .integer(let high)): low <= high
        case (.floating(let low), .floating(let high)): low <= high
        case (.bytes(let low), .bytes(let high)): !high.lexicographicallyPrecedes(low)
        default: false
        }
    }

    /// Reads a bound; nil where it can't be one.
    private func value(_ bytes: [UInt8], isExact: Bool?) -> Value? {
        if source.meaning == .unordered || source.meaning == .overlyPrecise { return nil }
        switch source.carrier {
        case .boolean:
            guard bytes.count == 1, bytes[0] <= 1 else { return nil }
            return .integer(Int128(bytes[0]))
        case .int32:
            guard let word = word(bytes, count: 4) else { return nil }
            return integer(Int64(Int32(truncatingIfNeeded: word)), word)
        case .int64:
            guard let word = word(bytes, count: 8) else { return nil }
            return integer(Int64(bitPattern: word), word)
        case .float:
            guard let word = word(bytes, count: 4) else { return nil }
            return floating(Double(Float(bitPattern: UInt32(word))))
        case .double:
            guard let word = word(bytes, count: 8) else { return nil }
            return floating(Double(bitPattern: word))
        case .int96: return nil
        case .byteArray, .fixedLengthByteArray: return bound(bytes, isExact: isExact)
        }
    }

    private func bound(_ bytes: [UInt8], isExact: Bool?) -> Value? {
        switch source.meaning {
        case .bigEndianDecimal:
            let isFixed = source.carrier == .fixedLengthByteArray
            guard let first = bytes.first, bytes.count <= 16, isExact != false,
                !isFixed || bytes.count == source.byteWidth
            else { return nil }
            var number: Int128 = first >= 0x80 ? -1 : 0
            for byte in bytes { number = number << 8 | Int128(byte) }
            return .integer(number)
        case .float16:
            guard let word = word(bytes, count: 2) else { return nil }
            return floating(Double(HalfConversion.single(UInt16(word))))
        case .uuid:
            // The texts are ordered as the bytes are.
            return bytes.count == 16 ? .bytes(FixedText.uuid(bytes)) : nil
        case .interval, .nothing: return nil
        default: return type == .json ? nil : .bytes(bytes)
        }
    }

    private func floating(_ number: Double) -> Value? { number.isNaN ? nil : .floating(number) }

    private func word(_ bytes: [UInt8], count: Int) -> UInt64? {
        guard bytes.count == count else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func integer(_ signed: Int64, _ bits: UInt64) -> Value? {
        let number = Int128(signed)
        switch source.meaning {
        case .unsigned: return .integer(Int128(bits))
        case .thousandfold: return .integer(number * 1_000)
        case .thousandth:
            let quotient = number / 1_000
            return .integer(quotient * 1_000 > number ? quotient - 1 : quotient)
        case .nothing: return nil
        default: return .integer(number)
        }
    }
}
