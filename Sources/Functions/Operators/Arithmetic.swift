// The rows of +, - and *.

import StarlingErrors
import StarlingTypes
import StarlingVectors

enum Arithmetic {
    static let rows = [
        row(
            "add", Addition.self, summary: "Adds two numbers.",
            examples: [("1 + 2", "3"), ("1.25 + 2.5", "3.75")]),
        row(
            "subtract", Subtraction.self, summary: "Subtracts the second number from the first.",
            examples: [("1 - 2", "-1"), ("1.25 - 2.5", "-1.25")]),
        row(
            "multiply", Multiplication.self, summary: "Multiplies two numbers.",
            examples: [("3 * 4", "12"), ("1.5 * 2.5", "3.75")]),
    ]

    @inline(__always)
    private static func row<Operation: ArithmeticOperation>(
        _ name: String, _ operation: Operation.Type, summary: String,
        examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        let isProduct = operation == Multiplication.self
        let isSum = operation == Addition.self
        return ScalarFunction(
            name, summary: summary, examples: examples, takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try resolve(name, arguments, isProduct: isProduct)
            },
            resultBounds: { signature, bounds in
                guard let type = signature.resultType.bounds else { return nil }
                guard let left = bounds[0], let right = bounds[1] else { return type }
                let result =
                    isProduct
                    ? left.multiplying(right)
                    : isSum ? left.adding(right) : left.subtracting(right)
                guard let result, type.contains(result) else { return type }
                return result
            },
            evaluate: { invocation throws(StarlingError) in
                try evaluateArithmetic(operation, name, invocation)
            })
    }

    private static func resolve(
        _ name: String, _ arguments: ArgumentList, isProduct: Bool
    ) throws(StarlingError) -> FunctionSignature {
        let (left, right) = try arguments.operands(name)
        if left.isDecimal || right.isDecimal {
            guard let first = DecimalTypes.digits(of: left),
                let second = DecimalTypes.digits(of: right)
            else { return FunctionSignature([.double, .double], returns: .double) }
            if isProduct {
                let result = try DecimalTypes.product(first, second)
                return FunctionSignature(
                    [decimal(first), decimal(second)], returns: decimal(result))
            }
            let result = DecimalTypes.sum(first, second)
            return FunctionSignature(
                [scaled(first, to: result.scale), scaled(second, to: result.scale)],
                returns: decimal(result))
        }
        let result = OperatorTypes.next(OperatorTypes.common(left, right))
        return FunctionSignature([result, result], returns: result)
    }

    static func decimal(_ digits: DecimalTypes.Digits) -> LogicalType {
        .decimal(precision: digits.precision, scale: digits.scale)
    }

    /// Gives the type of an operand that is brought to the result's scale.
    static func scaled(_ digits: DecimalTypes.Digits, to scale: Int) -> LogicalType {
        .decimal(precision: min(38, digits.precision - digits.scale + scale), scale: scale)
    }
}
