// How +, - and * run. Where the result's layout was narrowed from bounds, or the operands' widths
// cannot overflow, the loop computes modulo the result's width and is right: no check, as many
// lanes as fit. Only results as wide as their type may be (BIGINT, LARGEINT, DECIMAL(38)) are
// checked, by a flag that is looked at after the loop; then the rows are gone through one by one
// to see which of them is to blame.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct Wrapping<Operation: ArithmeticOperation, Number: StoredInteger>: BinaryOperation {
    @inline(__always)
    func apply(_ left: Number, _ right: Number) -> Number { Operation.wrapping(left, right) }
}

private struct Floating<Operation: ArithmeticOperation>: BinaryOperation {
    @inline(__always)
    func apply(_ left: Double, _ right: Double) -> Double { Operation.floating(left, right) }
}

/// Multiplies 64-bit numbers to 128 bits, which cannot overflow.
private struct WideProduct: BinaryOperation {
    @inline(__always)
    func apply(_ left: Int64, _ right: Int64) -> Int128 { Int128(left) &* Int128(right) }
}

@inline(__always)
func evaluateArithmetic<Operation: ArithmeticOperation>(
    _ operation: Operation.Type, _ name: String, _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let type = invocation.resultPhysicalType
    let (left, right) = (invocation.arguments[0], invocation.arguments[1])
    switch type {
    case .float64: return mapped(Floating<Operation>(), left, right, to: .float64)
    case .int8: return try integers(operation, Int8.self, name, invocation)
    case .int16: return try integers(operation, Int16.self, name, invocation)
    case .int32: return try integers(operation, Int32.self, name, invocation)
    case .int64: return try integers(operation, Int64.self, name, invocation)
    case .int128:
        let isProduct = operation == Multiplication.self
        let isNarrow = left.physicalType != .int128 && right.physicalType != .int128
        if isProduct, isNarrow {
            return mapped(
                WideProduct(), left.withIntegerLayout(.int64), right.withIntegerLayout(.int64),
                to: .int128)
        }
        return try integers(operation, Int128.self, name, invocation)
    default: throw StarlingError(.internal, "\(name) cannot give \(type)")
    }
}

@inline(__always)
private func integers<Operation: ArithmeticOperation, Number: StoredInteger>(
    _ operation: Operation.Type, _ number: Number.Type, _ name: String,
    _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let type = invocation.resultPhysicalType
    let widths = invocation.arguments.map { $0.physicalType.byteWidth * 8 - 1 }
    // DECIMAL(38) ends below the 127 bits that 16 bytes have, above 126.
    let room = type == .int128 ? 126 : type.byteWidth * 8 - 1
    let isProven =
        type != invocation.signature.resultType.widestPhysicalType
        || operation.bitCount(widths[0], widths[1]) <= room
        || invocation.signature.resultType.isRoomyDecimal
    let left = invocation.arguments[0].withIntegerLayout(type)
    let right = invocation.arguments[1].withIntegerLayout(type)
    if isProven { return mapped(Wrapping<Operation, Number>(), left, right, to: type) }
    let range = invocation.signature.resultType.bounds ?? Bounds(low: .min, high: .max)
    let isNarrowedByType = type.integerBounds.map { !range.contains($0) } ?? false
    let low = Number(clamping: isNarrowedByType ? range.low : .min)
    let high = Number(clamping: isNarrowedByType ? range.high : .max)
    if let result = checkedLoop(operation, left, right, low, high, type) { return result }
    return try carefulLoop(operation, name, left, right, low...high, invocation)
}

extension LogicalType {
    /// True for a DECIMAL whose precision was not cut at 38: as the result of a sum or product it
    /// has room for all values of the operands' types.
    fileprivate var isRoomyDecimal: Bool {
        if case .decimal(let precision, _) = self { precision < 38 } else { false }
    }
}

/// Computes all rows, or returns nil where one of them overflows.
@inline(never)
private func checkedLoop<Operation: ArithmeticOperation, Number: StoredInteger>(
    _ operation: Operation.Type, _ left: Vector, _ right: Vector, _ low: Number, _ high: Number,
    _ type: PhysicalType
) -> Vector? {
    let isConstant = left.isConstant && right.isConstant
    let count = isConstant ? 1 : left.count
    var result = Vector(uninitialized: type, count: count)
    let leftValues = left.pointer(to: Number.self)
    let rightValues = right.pointer(to: Number.self)
    let output = result.pointer(to: Number.self)
    let leftStep = left.isConstant ? 0 : 1
    let rightStep = right.isConstant ? 0 : 1
    var flags: Number = 0
    if low == .min, high == .max {
        for row in 0..<count {
            let (value, flag) = operation.flagged(
                leftValues[row &* leftStep], rightValues[row &* rightStep])
            output[row] = value
            flags |= flag
        }
    } else {
        for row in 0..<count {
            let (value, flag) = operation.flagged(
                leftValues[row &* leftStep], rightValues[row &* rightStep])
            output[row] = value
            flags |= flag | (value < low || value > high ? -1 : 0)
        }
    }
    withExtendedLifetime((left, right)) {}
    if flags < 0 { return nil }
    if isConstant { result.makeConstant(count: left.count) }
    return result
}

/// Computes row by row: an overflow is an error for integers, and for decimals NULL, as StarRocks
/// has it, unless sql_mode says ERROR_IF_OVERFLOW.
@inline(never)
private func carefulLoop<Operation: ArithmeticOperation, Number: StoredInteger>(
    _ operation: Operation.Type, _ name: String, _ left: Vector, _ right: Vector,
    _ range: ClosedRange<Number>, _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let isConstant = left.isConstant && right.isConstant
    let count = isConstant ? 1 : left.count
    var result = Vector(zeroed: invocation.resultPhysicalType, count: count)
    let resultType = invocation.signature.resultType
    for row in 0..<count where left.isValid(row) && right.isValid(row) {
        let leftValue = left.pointer(to: Number.self)[left.isConstant ? 0 : row]
        let rightValue = right.pointer(to: Number.self)[right.isConstant ? 0 : row]
        let (value, overflow) = operation.checked(leftValue, rightValue)
        if !overflow, range.contains(value) {
            result.pointer(to: Number.self)[row] = value
        } else if resultType.isDecimal, !invocation.session.failsOnOverflow {
            result.setNull(row)
        } else {
            throw overflowError(name, resultType)
        }
    }
    if isConstant { result.makeConstant(count: left.count) }
    return result
}

func overflowError(_ name: String, _ type: LogicalType) -> StarlingError {
    // Nothing exact is wider than these.
    let isWidest = type == .largeint || type.isDecimal
    let remedy = isWidest ? "DOUBLE, which rounds" : "a wider type"
    return StarlingError(
        .data, "\(name): the result is out of range of \(type); cast an operand to \(remedy)")
}

extension SessionValues {
    /// True where a decimal overflow is an error instead of NULL.
    var failsOnOverflow: Bool {
        settings["sql_mode"]?.uppercased().split(separator: ",").contains {
            $0.split(separator: " ").first == "ERROR_IF_OVERFLOW"
        } ?? false
    }
}
