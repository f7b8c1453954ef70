// A fuzzer that fails now and then, to prove that failures are seen.

import StarlingTestSupport

package final class CanaryFuzzer: Fuzzer {
    package static let name = "canary"
    package static let summary = "fails on purpose: one input in a hundred is wrong"
    package static let smokeRoundCount = 1_000

    package init(folder: String) {}

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        [UInt8(chance.below(100))]
    }

    package func run(_ input: [UInt8]) throws {
        if input == [42] { throw FuzzFailure("the canary sings") }
    }
}
