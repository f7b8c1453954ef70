// abs(), sign() and pmod().

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct FloatingMagnitude: UnaryOperation {
    @inline(__always)
    func apply(_ value: Double) -> Double { value.magnitude }
}

private struct IntegerMagnitude<Number: StoredInteger>: UnaryOperation {
    // The least number of all is kept out by the result's type being wider, or checked before.
    @inline(__always)
    func apply(_ value: Number) -> Number { value < 0 ? 0 &- value : value }
}

private struct FloatingSign: UnaryOperation {
    @inline(__always)
    func apply(_ value: Double) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
}

private struct PositiveRemainder: PartialBinaryOperation {
    func apply(_ left: Int128, _ right: Int128) -> Int128? {
        guard right != 0 else { return nil }
        let rest = left.remainderReportingOverflow(dividingBy: right).partialValue
        return rest != 0 && (rest < 0) != (right < 0) ? rest &+ right : rest
    }
}

enum Signs {
    static let rows = [
        ScalarFunction(
            "abs", summary: "Gives the magnitude of a number.",
            examples: [("abs(-5)", "5"), ("abs(-1.5)", "1.5")], takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "abs")
                let type = try arguments.number(0, "abs")
                let wider = type == .bigint ? .largeint : OperatorTypes.next(type)
                return FunctionSignature([wider], returns: wider)
            },
            resultBounds: { signature, bounds in
                guard let type = signature.resultType.bounds else { return nil }
                guard let bounds = bounds[0], bounds.low > .min else {
                    return Bounds(low: 0, high: type.high)
                }
                let high = max(abs(bounds.low), abs(bounds.high))
                return Bounds(low: 0, high: high).intersection(type)
            },
            evaluate: { invocation throws(StarlingError) in try magnitude(invocation) }),
        ScalarFunction(
            "sign", summary: "Gives -1, 0 or 1 as a number is negative, zero or positive.",
            examples: [("sign(-2.5)", "-1"), ("sign(0)", "0")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("sign", [.double], 1...1, returns: .float)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(FloatingSign(), invocation.arguments[0], to: .float32)
            }),
        ScalarFunction(
            "pmod", summary: "Gives the remainder of a division, with the divisor's sign.",
            examples: [("pmod(-7, 3)", "2"), ("pmod(7, 0)", "NULL"), ("pmod(-1.5, 2)", "0.5")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "pmod")
                let isReal = try [0, 1].map { (position) throws(StarlingError) in
                    try arguments.number(position, "pmod")
                }.contains { $0.isFloating || $0.isDecimal }
                let type: LogicalType = isReal ? .double : .bigint
                return FunctionSignature([type, type], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                if invocation.signature.resultType == .double {
                    return BucketsAndRemainders.realRemainder(invocation, isPositive: true)
                }
                return mapped(
                    PositiveRemainder(), invocation.arguments[0].withIntegerLayout(.int128),
                    invocation.arguments[1].withIntegerLayout(.int128), to: .int128
                ).withIntegerLayout(invocation.resultPhysicalType)
            }),
    ]

    private static func magnitude(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let argument = invocation.arguments[0]
        if invocation.resultPhysicalType == .float64 {
            return mapped(FloatingMagnitude(), argument, to: .float64)
        }
        if argument.physicalType == .int128, invocation.signature.resultType == .largeint {
            for row in 0..<(argument.isConstant ? 1 : argument.count)
            where argument.isValid(row) && argument.pointer(to: Int128.self)[row] == .min {
                throw overflowError("abs", .largeint)
            }
        }
        // The magnitude of the least number of a layout needs the next wider one.
        let isWide = argument.physicalType == .int64 || argument.physicalType == .int128
        let result =
            isWide
            ? mapped(
                IntegerMagnitude<Int128>(), argument.withIntegerLayout(.int128), to: .int128)
            : mapped(IntegerMagnitude<Int64>(), argument.withIntegerLayout(.int64), to: .int64)
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }
}
