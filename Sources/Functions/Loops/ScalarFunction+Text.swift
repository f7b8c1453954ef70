// Rows of functions that take strings and numbers of fixed types.

import StarlingErrors
import StarlingKernels
import StarlingTypes

extension ScalarFunction {
    /// Makes the row of a function that gives a string.
    @inline(__always)
    static func writing<Operation: TextOperation>(
        _ name: String, aliases: [String] = [], _ operation: Operation, _ types: [LogicalType],
        _ counts: ClosedRange<Int>, returns resultType: LogicalType = .string, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, types, counts, returns: resultType)
            },
            evaluate: { invocation throws(StarlingError) in try writtenText(operation, invocation) }
        )
    }

    /// Makes the row of a function that gives a number or a truth.
    @inline(__always)
    static func measuring<Operation: TextMeasure>(
        _ name: String, aliases: [String] = [], _ operation: Operation, _ types: [LogicalType],
        _ counts: ClosedRange<Int>, _ resultType: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, types, counts, returns: resultType)
            },
            evaluate: { invocation throws(StarlingError) in
                measured(operation, invocation, as: resultType.widestPhysicalType)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }
}
