// The rows of /, DIV and %. A divisor of 0 gives NULL.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct FloatingQuotient: PartialBinaryOperation {
    @inline(__always)
    func apply(_ left: Double, _ right: Double) -> Double? { right == 0 ? nil : left / right }
}

private struct FloatingRemainder: PartialBinaryOperation {
    @inline(__always)
    func apply(_ left: Double, _ right: Double) -> Double? {
        right == 0 ? nil : left.truncatingRemainder(dividingBy: right)
    }
}

/// Divides unscaled decimals, rounding at the result's scale; what leaves 38 digits is NULL.
private struct DecimalQuotient: PartialBinaryOperation {
    let factor: Int128

    func apply(_ left: Int128, _ right: Int128) -> Int128? {
        guard let quotient = multiplyDivide(left, factor, by: right),
            quotient.magnitude <= decimalMagnitudeMaximum.magnitude
        else { return nil }
        return quotient
    }
}

private struct IntegerQuotient<Number: StoredInteger>: PartialBinaryOperation {
    @inline(__always)
    func apply(_ left: Number, _ right: Number) -> Number? {
        // The one overflow, MIN DIV -1, is found by the caller beforehand.
        right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
    }
}

private struct IntegerRemainder<Number: StoredInteger>: PartialBinaryOperation {
    @inline(__always)
    func apply(_ left: Number, _ right: Number) -> Number? {
        right == 0 ? nil : left.remainderReportingOverflow(dividingBy: right).partialValue
    }
}

/// Divides numbers of 32 bits by one that is known: by two multiplications (Lemire, Kaser and Kurz,
/// "Faster Remainder by Direct Computation", 2019).
private struct RemainderByConstant: UnaryOperation {
    private let divisor: UInt64
    private let reciprocal: UInt64

    init(_ divisor: Int32) {
        self.divisor = UInt64(divisor.magnitude)
        reciprocal = UInt64.max / self.divisor &+ 1
    }

    @inline(__always)
    func apply(_ value: Int32) -> Int32 {
        let fraction = reciprocal &* UInt64(value.magnitude)
        let rest = Int32(truncatingIfNeeded: fraction.multipliedFullWidth(by: divisor).high)
        return value < 0 ? 0 &- rest : rest
    }
}

enum Division {
    static let rows = [
        ScalarFunction(
            "divide", summary: "Divides exactly where decimals are involved, else as DOUBLE.",
            examples: [("7 / 2", "3.5"), ("1.0 / 3", "0.3333333"), ("1 / 0", "NULL")],
            takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in try resolveQuotient(arguments) },
            resultBounds: { signature, bounds in quotientBounds(signature, bounds) },
            evaluate: { invocation throws(StarlingError) in try evaluateQuotient(invocation) }),
        ScalarFunction(
            "int_divide", summary: "Divides and drops the fraction.",
            examples: [("7 DIV 2", "3"), ("-7 DIV 2", "-3"), ("7 DIV 0", "NULL")],
            resolve: { arguments throws(StarlingError) in try resolveWhole(arguments) },
            evaluate: { invocation throws(StarlingError) in try evaluateWhole(invocation) }),
        ScalarFunction(
            "mod", summary: "Gives the remainder of a division, with the dividend's sign.",
            examples: [("7 % 3", "1"), ("mod(-7, 3)", "-1"), ("7.5 % 2", "1.5")],
            resolve: { arguments throws(StarlingError) in try resolveRemainder(arguments) },
            resultBounds: { signature, bounds in
                guard let type = signature.resultType.bounds else { return nil }
                guard let divisor = bounds[1], divisor.low > .min else { return type }
                let limit = max(abs(divisor.low), abs(divisor.high))
                let isNatural = bounds[0].map { $0.low >= 0 } ?? false
                return Bounds(low: isNatural ? 0 : -limit, high: limit).intersection(type)
            },
            evaluate: { invocation throws(StarlingError) in try evaluateRemainder(invocation) }),
    ]

    private static func resolveQuotient(
        _ arguments: ArgumentList
    ) throws(StarlingError) -> FunctionSignature {
        let (left, right) = try arguments.operands("divide")
        guard left.isDecimal || right.isDecimal, let first = DecimalTypes.digits(of: left),
            let second = DecimalTypes.digits(of: right)
        else { return FunctionSignature([.double, .double], returns: .double) }
        let scale = DecimalTypes.quotientScale(first.scale)
        return FunctionSignature(
            [Arithmetic.decimal(first), Arithmetic.decimal(second)],
            returns: .decimal(precision: 38, scale: scale))
    }

    /// Ten to the power that brings the dividend to the scale of result and divisor together.
    private static func factor(_ signature: FunctionSignature) -> Int128? {
        let shift =
            signature.resultType.scale - signature.argumentTypes[0].scale
            + signature.argumentTypes[1].scale
        return shift <= 38 ? powerOfTen(shift) : nil
    }

    private static func quotientBounds(
        _ signature: FunctionSignature, _ bounds: [Bounds?]
    ) -> Bounds? {
        guard let type = signature.resultType.bounds else { return nil }
        guard let dividend = bounds[0], let factor = factor(signature),
            let scaled = dividend.multiplying(Bounds(factor)), scaled.low > .min
        else { return type }
        // A divisor is at least one unit large.
        let limit = max(abs(scaled.low), abs(scaled.high))
        let isNatural = dividend.low >= 0 && (bounds[1].map { $0.low >= 0 } ?? false)
        return Bounds(low: isNatural ? 0 : -limit, high: limit).intersection(type)
    }

    private static func evaluateQuotient(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let (left, right) = (invocation.arguments[0], invocation.arguments[1])
        guard invocation.signature.resultType.isDecimal else {
            return mapped(FloatingQuotient(), left, right, to: .float64)
        }
        guard let factor = factor(invocation.signature) else {
            throw StarlingError(
                .unsupported, "a division of decimals with more than 38 digits behind the point")
        }
        let result = mapped(
            DecimalQuotient(factor: factor), left.withIntegerLayout(.int128),
            right.withIntegerLayout(.int128), to: .int128)
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }

    private static func resolveWhole(
        _ arguments: ArgumentList
    ) throws(StarlingError) -> FunctionSignature {
        let (left, right) = try arguments.operands("int_divide")
        if left.isDecimal || right.isDecimal, let first = DecimalTypes.digits(of: left),
            let second = DecimalTypes.digits(of: right)
        {
            let scale = max(first.scale, second.scale)
            let types = [
                Arithmetic.scaled(first, to: scale), Arithmetic.scaled(second, to: scale),
            ]
            return FunctionSignature(types, returns: .bigint)
        }
        let common = OperatorTypes.common(left, right)
        let type = common.isInteger ? common : .bigint
        return FunctionSignature([type, type], returns: type)
    }

    private static func evaluateWhole(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let left = invocation.arguments[0].withIntegerLayout(.int128)
        let right = invocation.arguments[1].withIntegerLayout(.int128)
        let result = mapped(IntegerQuotient<Int128>(), left, right, to: .int128)
        let type = invocation.signature.resultType
        guard let range = type.bounds else {
            throw StarlingError(.internal, "DIV cannot give \(type)")
        }
        let isMinimum = type == .largeint ? Int128.min : nil
        for row in 0..<(result.isConstant ? 1 : result.count) {
            let value = result.pointer(to: Int128.self)[row]
            let isWrapped =
                value == isMinimum && right.pointer(to: Int128.self)[right.isConstant ? 0 : row] < 0
            if isWrapped || !range.contains(value), result.isValid(row) {
                throw overflowError("DIV", type)
            }
        }
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }

    private static func resolveRemainder(
        _ arguments: ArgumentList
    ) throws(StarlingError) -> FunctionSignature {
        let (left, right) = try arguments.operands("mod")
        if left.isDecimal || right.isDecimal {
            guard let first = DecimalTypes.digits(of: left),
                let second = DecimalTypes.digits(of: right)
            else { return FunctionSignature([.double, .double], returns: .double) }
            let result = DecimalTypes.remainder(first, second)
            return FunctionSignature(
                [
                    Arithmetic.scaled(first, to: result.scale),
                    Arithmetic.scaled(second, to: result.scale),
                ], returns: Arithmetic.decimal(result))
        }
        let type = OperatorTypes.common(left, right)
        return FunctionSignature([type, type], returns: type)
    }

    private static func evaluateRemainder(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let (left, right) = (invocation.arguments[0], invocation.arguments[1])
        if invocation.resultPhysicalType == .float64 {
            return mapped(FloatingRemainder(), left, right, to: .float64)
        }
        if left.physicalType.byteWidth <= 4, right.isConstant, right.isValid(0),
            let number = right.value(at: 0).integer, number != 0,
            let divisor = Int32(exactly: number)
        {
            let result = mapped(
                RemainderByConstant(divisor), left.withIntegerLayout(.int32), to: .int32)
            return result.withIntegerLayout(invocation.resultPhysicalType)
        }
        let isWide = left.physicalType == .int128 || right.physicalType == .int128
        let layout: PhysicalType = isWide ? .int128 : .int64
        let first = left.withIntegerLayout(layout)
        let second = right.withIntegerLayout(layout)
        let result =
            isWide
            ? mapped(IntegerRemainder<Int128>(), first, second, to: layout)
            : mapped(IntegerRemainder<Int64>(), first, second, to: layout)
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }
}
