// The keys and the values of maps as arrays, and maps from arrays.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum MapParts {
    static let rows = [
        part("map_keys", 0, "Gives the keys of a map.", [("map_keys(map{'a': 1})", "[\"a\"]")]),
        part(
            "map_values", 1, "Gives the values of a map, in the order of its keys.",
            [("map_values(map{'a': 1})", "[1]")]),
    ]

    private static func part(
        _ name: String, _ position: Int, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples, nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                guard case .map(let key, let value) = arguments.types[0] else {
                    throw arguments.mismatch(0, of: name, expected: "a map")
                }
                return FunctionSignature(
                    [arguments.types[0]], returns: .array(position == 0 ? key : value))
            },
            evaluate: { invocation throws(StarlingError) in
                var result = invocation.arguments[0]
                let parts = result.children?.vectors ?? []
                result.children = NestedVectors(position < parts.count ? [parts[position]] : [])
                return result
            })
    }
}
