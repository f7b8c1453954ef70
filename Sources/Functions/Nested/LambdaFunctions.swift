// Functions whose work lambdas do. The binder takes the calls with a lambda before these rows are
// asked; what they resolve is the same without one.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Says how truths are summed up.
private enum Match: Sendable {
    case any, all, none

    /// What a single false (or true) element decides; else NULL elements make the result NULL.
    var deciding: Bool { self != .all }
    var decided: Bool { self == .any }
}

enum LambdaFunctions {
    static let rows = [
        match(
            "any_match", .any, "Tells whether a lambda is true for some element.",
            [("any_match(x -> x > 2, [1, 2, 3])", "1"), ("any_match([false, NULL])", "NULL")]),
        match(
            "all_match", .all, "Tells whether a lambda is true for all elements.",
            [("all_match(x -> x > 2, [1, 2, 3])", "0"), ("all_match([true, true])", "1")]),
        match(
            "none_match", .none, "Tells whether a lambda is true for no element.",
            [("none_match(x -> x > 5, [1, 2, 3])", "1")]),
        lambda(
            "array_map", ["transform"], "Gives what a lambda computes for each element.",
            [
                ("array_map(x -> x + 1, [1, 2])", "[2,3]"),
                ("array_map((x, y) -> x * y, [1, 2], [3, 4])", "[3,8]"),
            ]),
        lambda(
            "map_apply", [], "Makes a map of the keys and values that a lambda computes.",
            [("map_apply((k, v) -> (k, v + 1), map{'a': 1})", "{\"a\":2}")]),
        lambda(
            "transform_keys", [], "Gives each value the key that a lambda computes.",
            [("transform_keys((k, v) -> upper(k), map{'a': 1})", "{\"A\":1}")]),
        lambda(
            "transform_values", [], "Gives each key the value that a lambda computes.",
            [("transform_values((k, v) -> v * 10, map{'a': 1})", "{\"a\":10}")]),
    ]

    private static func lambda(
        _ name: String, _ aliases: [String], _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                throw StarlingError(.binding, "\(name)() takes a lambda, such as x -> x + 1")
            },
            evaluate: { invocation throws(StarlingError) in
                throw StarlingError(.internal, "\(name)() without a lambda")
            })
    }

    private static func match(
        _ name: String, _ kind: Match, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                _ = try arguments.element(name)
                return FunctionSignature([.array(.boolean)], returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in matched(invocation, kind) })
    }

    private static func matched(_ invocation: FunctionInvocation, _ kind: Match) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let truths = elements.parts[0].flattened()
        let values = truths.pointer(to: Int8.self)
        var result = Vector(zeroed: .int8, count: invocation.count)
        let output = result.pointer(to: Int8.self)
        for row in 0..<invocation.count {
            var (isDecided, hasNull) = (false, false)
            let start = Int(elements.ranges[row].offset)
            for place in start..<(start + Int(elements.ranges[row].count)) {
                if !truths.isValid(place) {
                    hasNull = true
                } else if (values[place] != 0) == kind.deciding {
                    isDecided = true
                }
            }
            if !isDecided, hasNull {
                result.setNull(row)
            } else {
                output[row] = isDecided == kind.decided ? 1 : 0
            }
        }
        return result
    }
}
