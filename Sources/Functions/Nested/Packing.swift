// Nested values as strings of bytes that order and compare as they do. Plans put these calls where
// rows are gathered, and around the sides of comparisons; they have no name in SQL.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

package enum Packing {
    /// Packs a value so that it can be read back as it was.
    package static let payload = row("packed", asKey: false)
    /// Packs a value so that equal values have equal bytes.
    package static let key = row("packed_key", asKey: true)

    private static func row(_ name: String, asKey: Bool) -> ScalarFunction {
        ScalarFunction(
            name, summary: "Gives the bytes of a nested value, which order as the values do.",
            nullHandling: .handled, neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                return FunctionSignature([arguments.types[0]], returns: .varbinary)
            },
            evaluate: { invocation throws(StarlingError) in
                packed(invocation.arguments[0], asKey: asKey)
            })
    }
}
