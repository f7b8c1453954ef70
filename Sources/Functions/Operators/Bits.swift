// The rows of &, |, ^, ~, the shifts, and the unary minus.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private enum BitOperator: Sendable {
    case and, or, exclusiveOr
}

private enum ShiftOperator: Sendable {
    case left, right, rightLogical
}

private struct BitOperation<Number: StoredInteger>: BinaryOperation {
    let kind: BitOperator

    @inline(__always)
    func apply(_ left: Number, _ right: Number) -> Number {
        switch kind {
        case .and: left & right
        case .or: left | right
        case .exclusiveOr: left ^ right
        }
    }
}

private struct Shift<Number: StoredInteger>: BinaryOperation {
    let kind: ShiftOperator

    @inline(__always)
    func apply(_ value: Number, _ count: Int64) -> Number {
        // Nothing is left of a number by counts below 0 or beyond its bits.
        guard count >= 0, count < Int64(Number.bitWidth) else { return 0 }
        return switch kind {
        case .left: value &<< Number(truncatingIfNeeded: count)
        case .right: value &>> Number(truncatingIfNeeded: count)
        case .rightLogical:
            Number(
                truncatingIfNeeded: Number.Magnitude(truncatingIfNeeded: value)
                    &>> Number.Magnitude(truncatingIfNeeded: count))
        }
    }
}

private struct Complement<Number: StoredInteger>: UnaryOperation {
    @inline(__always)
    func apply(_ value: Number) -> Number { ~value }
}

private struct Negation<Number: StoredInteger>: UnaryOperation {
    @inline(__always)
    func apply(_ value: Number) -> Number { 0 &- value }
}

private struct FloatingNegation: UnaryOperation {
    @inline(__always)
    func apply(_ value: Double) -> Double { -value }
}

enum Bits {
    static let rows = [
        row("bitand", .and, "Combines bits that both numbers have.", [("6 & 3", "2")]),
        row("bitor", .or, "Combines bits that either number has.", [("6 | 3", "7")]),
        row("bitxor", .exclusiveOr, "Combines bits that one number has.", [("6 ^ 3", "5")]),
        shiftRow(
            "bit_shift_left", .left,
            "Shifts bits to the left, within the type of the number (a literal is a BIGINT); those "
                + "beyond it are lost.",
            [("bit_shift_left(3, 2)", "12"), ("1 << 40", "1099511627776")]),
        shiftRow(
            "bit_shift_right", .right, "Shifts bits to the right, keeping the sign.",
            [("bit_shift_right(-8, 1)", "-4")]),
        shiftRow(
            "bit_shift_right_logical", .rightLogical,
            "Shifts bits to the right, with zeros from the left.",
            [("bit_shift_right_logical(8, 1)", "4")]),
        ScalarFunction(
            "bitnot", summary: "Inverts all bits.", examples: [("~5", "-6")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "bitnot")
                let type = arguments.types[0].isInteger ? arguments.types[0] : .bigint
                return FunctionSignature([type], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                let argument = invocation.arguments[0].withIntegerLayout(.int128)
                return mapped(Complement<Int128>(), argument, to: .int128)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "negative", aliases: ["negate"], summary: "Changes a number's sign.",
            examples: [("negative(5)", "-5"), ("-(1.5)", "-1.5")], takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in try resolveNegation(arguments) },
            resultBounds: { signature, bounds in
                guard let type = signature.resultType.bounds else { return nil }
                guard let result = bounds[0]?.negated, type.contains(result) else { return type }
                return result
            },
            evaluate: { invocation throws(StarlingError) in try evaluateNegation(invocation) }),
    ]

    private static func row(
        _ name: String, _ kind: BitOperator, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                let (left, right) = try arguments.operands(name)
                let common = OperatorTypes.common(left, right)
                let type = common.isInteger ? common : .bigint
                return FunctionSignature([type, type], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                let type = invocation.signature.resultType.widestPhysicalType
                let left = invocation.arguments[0].withIntegerLayout(type)
                let right = invocation.arguments[1].withIntegerLayout(type)
                let result =
                    switch type {
                    case .int8: mapped(BitOperation<Int8>(kind: kind), left, right, to: type)
                    case .int16: mapped(BitOperation<Int16>(kind: kind), left, right, to: type)
                    case .int32: mapped(BitOperation<Int32>(kind: kind), left, right, to: type)
                    case .int64: mapped(BitOperation<Int64>(kind: kind), left, right, to: type)
                    default: mapped(BitOperation<Int128>(kind: kind), left, right, to: type)
                    }
                return result.withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func shiftRow(
        _ name: String, _ kind: ShiftOperator, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                let (value, _) = try arguments.operands(name)
                let type = value.isInteger ? value : .bigint
                return FunctionSignature([type, .bigint], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                // What is lost depends on the width of the declared type.
                let type = invocation.signature.resultType.widestPhysicalType
                let value = invocation.arguments[0].withIntegerLayout(type)
                let count = invocation.arguments[1].withIntegerLayout(.int64)
                let result =
                    switch type {
                    case .int8: mapped(Shift<Int8>(kind: kind), value, count, to: type)
                    case .int16: mapped(Shift<Int16>(kind: kind), value, count, to: type)
                    case .int32: mapped(Shift<Int32>(kind: kind), value, count, to: type)
                    case .int64: mapped(Shift<Int64>(kind: kind), value, count, to: type)
                    default: mapped(Shift<Int128>(kind: kind), value, count, to: type)
                    }
                return result.withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func resolveNegation(
        _ arguments: ArgumentList
    ) throws(StarlingError) -> FunctionSignature {
        try arguments.expectCount(1...1, of: "negative")
        guard let type = OperatorTypes.numeric(arguments.types[0]) else {
            throw arguments.mismatch(0, of: "negative", expected: "a number")
        }
        let wider = OperatorTypes.next(type)
        return FunctionSignature([wider], returns: wider)
    }

    private static func evaluateNegation(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let argument = invocation.arguments[0]
        let type = invocation.resultPhysicalType
        if type == .float64 { return mapped(FloatingNegation(), argument, to: type) }
        let resultType = invocation.signature.resultType
        if type == resultType.widestPhysicalType, argument.physicalType == type,
            let minimum = type.integerBounds?.low, !resultType.isDecimal
        {
            for row in 0..<(argument.isConstant ? 1 : argument.count)
            where argument.isValid(row) && argument.value(at: row) == .integer(minimum) {
                throw overflowError("-", resultType)
            }
        }
        return mapped(Negation<Int128>(), argument.withIntegerLayout(.int128), to: .int128)
            .withIntegerLayout(type)
    }
}
