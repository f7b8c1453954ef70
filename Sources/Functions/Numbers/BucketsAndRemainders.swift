// Numbers in buckets, remainders of real numbers, and bars that show a number's size.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

private struct RealRemainder: PartialBinaryOperation {
    /// Where true, the result has the divisor's sign.
    let isPositive: Bool

    func apply(_ left: Double, _ right: Double) -> Double? {
        guard right != 0 else { return nil }
        let rest = fmod(left, right)
        guard rest.isFinite else { return nil }
        return isPositive && rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
    }
}

/// Finds the bucket of a number; ones below the first are in 0, ones above the last in n + 1.
private struct BucketNumber: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let value = arguments.first.value(row, as: Double.self)
        let low = arguments.second.value(row, as: Double.self)
        let high = arguments.third.value(row, as: Double.self)
        let count = arguments.fourth.value(row, as: Int64.self)
        guard low < high, count > 0, count < 1 << 53, value.isFinite else { return nil }
        if value < low { return 0 }
        if value >= high { return count + 1 }
        let bucket = ((value - low) / (high - low) * Double(count)).rounded(.down)
        return min(count, Int64(bucket) + 1)
    }
}

/// Finds the bucket of a whole number, counted from 0.
private struct EqualWidthBucket: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let value = Int128(arguments.first.value(row, as: Int64.self))
        let low = Int128(arguments.second.value(row, as: Int64.self))
        let high = Int128(arguments.third.value(row, as: Int64.self))
        let count = Int128(arguments.fourth.value(row, as: Int64.self))
        guard count > 0, value >= low, value <= high else { return nil }
        return Int64(exactly: (value - low) / max(1, (high - low) / count))
    }
}

private struct Bar: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let value = arguments.first.value(row, as: Double.self)
        let low = arguments.second.value(row, as: Double.self)
        let high = arguments.third.value(row, as: Double.self)
        let width = arguments.fourth.value(row, as: Int64.self)
        guard low < high, value >= low, value <= high, width >= 0, width <= 10_000 else {
            return false
        }
        let length = ((value - low) / (high - low) * Double(width)).rounded()
        for _ in 0..<Int(length) { output += "▓".utf8 }
        return true
    }
}

enum BucketsAndRemainders {
    static let rows: [ScalarFunction] = [
        remainder(
            "fmod", isPositive: false, "Gives the remainder of a division of real numbers.",
            [("fmod(3.14, 3.14)", "0"), ("fmod(7.5, 2)", "1.5"), ("fmod(5, 0)", "NULL")]),
        .measuring(
            "width_bucket", BucketNumber(), [.double, .double, .double, .bigint], 4...4, .bigint,
            "Finds in which of n buckets of equal width a number lies, from 1; 0 and n + 1 are for "
                + "what lies outside.",
            [("width_bucket(5.35, 0.024, 10.06, 5)", "3"), ("width_bucket(-1, 0, 10, 5)", "0")]),
        .measuring(
            "equiwidth_bucket", EqualWidthBucket(), [.bigint, .bigint, .bigint, .bigint], 4...4,
            .bigint,
            "Finds in which of n buckets of equal width a whole number lies, from 0.",
            [("equiwidth_bucket(7, 0, 10, 20)", "7")]),
        .writing(
            "bar", Bar(), [.double, .double, .double, .bigint], 4...4,
            "Draws a bar for a number between a least and a greatest one.",
            [("bar(2, 0, 10, 20)", "▓▓▓▓")]),
        ScalarFunction(
            "positive", summary: "Gives a number as it is.", examples: [("positive(-3)", "-3")],
            takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "positive")
                let type = try arguments.number(0, "positive")
                return FunctionSignature([type], returns: type)
            },
            resultBounds: { signature, bounds in bounds[0] ?? signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let argument = invocation.arguments[0]
                return argument.physicalType.isInteger
                    ? argument.withIntegerLayout(invocation.resultPhysicalType) : argument
            }),
    ]

    static func remainder(
        _ name: String, isPositive: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [.double, .double], 2...2, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                realRemainder(invocation, isPositive: isPositive)
            })
    }

    static func realRemainder(_ invocation: FunctionInvocation, isPositive: Bool) -> Vector {
        mapped(
            RealRemainder(isPositive: isPositive), invocation.arguments[0],
            invocation.arguments[1], to: .float64)
    }
}
