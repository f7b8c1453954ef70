// Damaged files of formats with little structure to know about: the fixtures of their tests, bytes
// of which are changed where it is likely to hurt.

import StarlingTestSupport

/// Damages the fixtures of one format.
final class FixtureFuzzing {
    private let seeds: [ByteDamage]
    private let intact: Set<[UInt8]>
    private let trial: FileTrial

    /// `damage` tells where a file of this name is likely to be hurt, and how often it is taken.
    init(
        folder: String, tests: String, endings: [String],
        damage: (_ name: String, _ bytes: [UInt8]) -> (damage: ByteDamage, weight: Int)
    ) throws {
        trial = FileTrial(path: "\(folder)/input\(endings[0])")
        let files = try FixtureFolder(tests).files(endingIn: endings).filter { !$0.bytes.isEmpty }
        seeds = files.flatMap { name, bytes in
            let (seed, weight) = damage(name, bytes)
            return [ByteDamage](repeating: seed, count: weight)
        }
        intact = Set(files.map(\.bytes))
    }

    func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        let seed = chance.pick(seeds)
        if chance.below(30) == 0 { return seed.bytes }
        return seed.damaged(&chance, other: chance.pick(seeds).bytes)
    }

    func run(_ input: [UInt8]) throws {
        try trial.run(input, isIntact: intact.contains(input))
    }
}
