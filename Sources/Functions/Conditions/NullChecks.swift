// isnull(), isnotnull(), assert_true(), raise_error() and materialize().

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum NullChecks {
    static let rows = [
        row("isnull", whenNull: 1, "Tells whether a value is NULL.", [("isnull(NULL)", "1")]),
        row(
            "isnotnull", whenNull: 0, "Tells whether a value is not NULL.",
            [("isnotnull(NULL)", "0"), ("isnotnull(1)", "1")]),
        ScalarFunction(
            "assert_true",
            summary: "Gives true for true and ends the statement with an error for all else.",
            examples: [("assert_true(1 < 2, 'never')", "1")], nullHandling: .handled,
            neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "assert_true", [.boolean, .string], 1...2, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let view = DecodedVector(invocation.arguments[0])
                for row in 0..<invocation.count
                where !view.isValid(row) || view.value(row, as: Int8.self) == 0 {
                    let text =
                        invocation.arguments.count > 1
                        ? DecodedVector(invocation.arguments[1]).text(row).bytes
                        : Array("assert_true() has a condition that is false".utf8)
                    throw StarlingError(.data, String(decoding: text, as: UTF8.self))
                }
                withExtendedLifetime(invocation) {}
                return Vector(constant: .boolean(true), .int8, count: invocation.count)
            }),
        ScalarFunction(
            "raise_error", summary: "Ends the statement with an error; NULL gives NULL.",
            examples: [("raise_error(NULL)", "NULL")], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("raise_error", [.string], 1...1, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let view = DecodedVector(invocation.arguments[0])
                for row in 0..<invocation.count where view.isValid(row) {
                    throw StarlingError(
                        .data, String(decoding: view.text(row).bytes, as: UTF8.self))
                }
                withExtendedLifetime(invocation) {}
                return .constantNull(.int8, count: invocation.count)
            }),
        ScalarFunction(
            "materialize", summary: "Gives a value as it is.", examples: [("materialize(3)", "3")],
            nullHandling: .handled, takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "materialize")
                return FunctionSignature(arguments.types, returns: arguments.types[0])
            },
            resultBounds: { signature, bounds in bounds[0] ?? signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let argument = invocation.arguments[0]
                return argument.physicalType.isInteger
                    ? argument.withIntegerLayout(invocation.resultPhysicalType) : argument
            }),
    ]

    private static func row(
        _ name: String, whenNull: Int8, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples, nullHandling: .handled,
            neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                return FunctionSignature(arguments.types, returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let result = Vector(zeroed: .int8, count: invocation.count)
                let output = result.pointer(to: Int8.self)
                for row in 0..<invocation.count {
                    output[row] = invocation.arguments[0].isValid(row) ? 1 - whenNull : whenNull
                }
                return result
            })
    }
}
