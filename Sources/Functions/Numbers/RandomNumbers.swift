// rand(): uniform numbers from 0 up to 1, the same ones for the same seed.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Generates numbers as SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / 9_007_199_254_740_992
    }
}

enum RandomNumbers {
    static let rows = [
        ScalarFunction(
            "rand", aliases: ["random"],
            summary: "Gives a random number from 0 up to 1; a seed repeats the numbers of a chunk.",
            examples: [("rand() < 1", "1")], isDeterministic: false,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("rand", [.bigint], 0...1, returns: .double)
            },
            evaluate: { invocation throws(StarlingError) in
                let seed = invocation.arguments.first?.value(at: 0).integer
                var generator = SplitMix(
                    state: seed.map { UInt64(truncatingIfNeeded: $0) } ?? .random(in: 0 ... .max))
                let result = Vector(uninitialized: .float64, count: invocation.count)
                let output = result.pointer(to: Double.self)
                for row in 0..<invocation.count { output[row] = generator.next() }
                return result
            })
    ]
}
