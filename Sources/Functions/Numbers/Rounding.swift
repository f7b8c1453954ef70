// round(), truncate(), floor() and ceil(). Decimals keep exact: DECIMAL(38, d) where the digits
// are a literal d. Halves go away from zero. Whole results of one argument are BIGINT.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private enum RoundingKind: Sendable {
    case nearest, towardZero, down, up

    @inline(__always)
    var rule: FloatingPointRoundingRule {
        switch self {
        case .nearest: .toNearestOrAwayFromZero
        case .towardZero: .towardZero
        case .down: .down
        case .up: .up
        }
    }

    /// Divides and rounds by this rule; `divisor` is positive.
    func divide(_ number: Int128, by divisor: Int128) -> Int128 {
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
        switch self {
        case .nearest: return dividingRounded(number, by: divisor)
        case .towardZero: return quotient
        case .down: return rest < 0 ? quotient - 1 : quotient
        case .up: return rest > 0 ? quotient + 1 : quotient
        }
    }
}

/// Rounds a DOUBLE to a whole BIGINT; what does not fit is NULL.
private struct WholeRounding: PartialUnaryOperation {
    let kind: RoundingKind

    @inline(__always)
    func apply(_ value: Double) -> Int64? { Int64(exactly: value.rounded(kind.rule)) }
}

private struct DecimalWholeRounding: PartialUnaryOperation {
    let kind: RoundingKind
    let divisor: Int128

    func apply(_ value: Int128) -> Int64? { Int64(exactly: kind.divide(value, by: divisor)) }
}

/// Rounds a DOUBLE at a number of digits.
private struct FloatingRounding: BinaryOperation {
    let kind: RoundingKind

    func apply(_ value: Double, _ digits: Int32) -> Double {
        guard value.isFinite, digits.magnitude <= 300 else { return digits > 0 ? value : 0 }
        var power = 1.0
        for _ in 0..<digits.magnitude { power *= 10 }
        let scaled = digits >= 0 ? value * power : value / power
        guard scaled.isFinite, scaled.magnitude < 9e15 else { return value }
        let rounded = scaled.rounded(kind.rule)
        return digits >= 0 ? rounded / power : rounded * power
    }
}

/// Rounds an unscaled decimal at a number of digits, giving another scale.
private struct DecimalRounding: PartialBinaryOperation {
    let kind: RoundingKind
    let scale: Int
    let resultScale: Int

    func apply(_ value: Int128, _ digits: Int32) -> Int128? {
        let kept = min(Int(digits), scale)
        let cut = scale - kept
        guard cut <= 38 else { return 0 }
        let rounded = kind.divide(value, by: powerOfTen(cut))
        // Here the number has `kept` digits, which may be negative.
        let shift = resultScale - kept
        guard shift >= 0 else { return rescale(rounded, from: kept, to: resultScale) }
        guard shift <= 38 else { return rounded == 0 ? 0 : nil }
        return rescale(rounded, from: 0, to: shift)
    }
}

enum Rounding {
    static let rows = [
        row(
            "round", ["dround"], .nearest, "Rounds to a number of digits; halves away from zero.",
            [("round(2.5)", "3"), ("round(-1.255, 2)", "-1.26"), ("round(1250, -2)", "1300")]),
        row(
            "truncate", [], .towardZero, "Cuts off digits.",
            [("truncate(1.259, 2)", "1.25"), ("truncate(-1.9, 0)", "-1")]),
        wholeRow(
            "floor", ["dfloor"], .down, "Gives the greatest whole number that is not above.",
            [("floor(-1.5)", "-2")]),
        wholeRow(
            "ceil", ["ceiling", "dceil"], .up, "Gives the least whole number that is not below.",
            [("ceil(-1.5)", "-1")]),
    ]

    private static func wholeSignature(
        _ type: LogicalType
    ) -> FunctionSignature {
        switch type {
        case .largeint: FunctionSignature([.largeint], returns: .largeint)
        case _ where type.isInteger || type == .boolean:
            FunctionSignature([.bigint], returns: .bigint)
        case .decimal: FunctionSignature([type], returns: .bigint)
        default: FunctionSignature([.double], returns: .bigint)
        }
    }

    private static func wholeRow(
        _ name: String, _ aliases: [String], _ kind: RoundingKind, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                return wholeSignature(try arguments.number(0, name))
            },
            evaluate: { invocation throws(StarlingError) in rounded(invocation, kind) })
    }

    private static func row(
        _ name: String, _ aliases: [String], _ kind: RoundingKind, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...2, of: name)
                let type = try arguments.number(0, name)
                guard arguments.types.count == 2 else {
                    guard type.isDecimal else { return wholeSignature(type) }
                    return FunctionSignature([type], returns: .decimal(precision: 38, scale: 0))
                }
                guard type.isDecimal || type.isInteger else {
                    return FunctionSignature([.double, .int], returns: .double)
                }
                return digitsSignature(type, arguments.constantInteger(1))
            },
            evaluate: { invocation throws(StarlingError) in rounded(invocation, kind) })
    }

    /// Gives the types for decimals and integers, whose results have as many digits as asked for.
    private static func digitsSignature(_ type: LogicalType, _ digits: Int128?) -> FunctionSignature
    {
        let precision = type.asDecimal?.precision ?? 38
        let decimal = type.isDecimal ? type : .decimal(precision: precision, scale: 0)
        var scale = type.scale
        if let digits { scale = max(0, min(38, Int(clamping: digits))) }
        if type.isInteger, scale == 0 {
            let result: LogicalType = type == .largeint ? .largeint : .bigint
            return FunctionSignature([decimal, .int], returns: result)
        }
        return FunctionSignature([decimal, .int], returns: .decimal(precision: 38, scale: scale))
    }

    private static func rounded(_ invocation: FunctionInvocation, _ kind: RoundingKind) -> Vector {
        let signature = invocation.signature
        let argument = invocation.arguments[0]
        let type = invocation.resultPhysicalType
        guard invocation.arguments.count == 2 else {
            switch (signature.argumentTypes[0], signature.resultType) {
            case (.double, _): return mapped(WholeRounding(kind: kind), argument, to: .int64)
            case (.decimal(_, let scale), .bigint):
                return mapped(
                    DecimalWholeRounding(kind: kind, divisor: powerOfTen(scale)),
                    argument.withIntegerLayout(.int128), to: .int64
                ).withIntegerLayout(type)
            case (.decimal(_, let scale), _):
                let digits = Vector(constant: .integer(0), .int32, count: invocation.count)
                return decimal(invocation, kind, scale, digits)
            default: return argument.withIntegerLayout(type)
            }
        }
        if signature.argumentTypes[0] == .double {
            return mapped(
                FloatingRounding(kind: kind), argument, invocation.arguments[1], to: .float64)
        }
        return decimal(
            invocation, kind, signature.argumentTypes[0].scale, invocation.arguments[1])
    }

    private static func decimal(
        _ invocation: FunctionInvocation, _ kind: RoundingKind, _ scale: Int, _ digits: Vector
    ) -> Vector {
        let operation = DecimalRounding(
            kind: kind, scale: scale, resultScale: invocation.signature.resultType.scale)
        let argument = invocation.arguments[0].withIntegerLayout(.int128)
        var result = mapped(operation, argument, digits, to: .int128)
        if invocation.signature.resultType == .bigint {
            for row in 0..<(result.isConstant ? 1 : result.count)
            where Int64(exactly: result.pointer(to: Int128.self)[row]) == nil {
                result.setNull(row)
            }
        }
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }
}

extension ArgumentList {
    /// Gives the numeric type of an argument; strings count as DOUBLE.
    func number(_ position: Int, _ name: String) throws(StarlingError) -> LogicalType {
        guard let type = OperatorTypes.numeric(types[position]) else {
            throw mismatch(position, of: name, expected: "a number")
        }
        return type
    }
}
