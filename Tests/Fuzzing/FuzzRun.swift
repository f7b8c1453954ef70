// Rounds of one fuzzer. Each round has random numbers of its own, from the seed and its number, so
// that a single round can be repeated.

import StarlingTestSupport

package struct FuzzRun {
    /// Is a round that went wrong.
    package struct Finding {
        package var round: Int
        package var input: [UInt8]
        package var failure: any Error
    }

    package let seed: UInt64
    private let fuzzer: any Fuzzer

    package init(_ type: any Fuzzer.Type, seed: UInt64, folder: String) throws {
        self.seed = seed
        fuzzer = try type.init(folder: folder)
    }

    package func input(ofRound round: Int) throws -> [UInt8] {
        var chance = SeededGenerator(seed: seed &+ UInt64(round) &* 0xD134_2543_DE82_EF95)
        return try fuzzer.makeInput(&chance)
    }

    /// Runs a round and returns what it found.
    package func run(round: Int) throws -> Finding? {
        let input = try input(ofRound: round)
        return run(input, round: round)
    }

    package func run(_ input: [UInt8], round: Int = 0) -> Finding? {
        do {
            try fuzzer.run(input)
            return nil
        } catch {
            return Finding(round: round, input: input, failure: error)
        }
    }
}
