// Damaged Parquet files under queries of every kind: all rows, filters that prune and decode late,
// groups, top rows, joins that filter their own scans. Intact files are among them; there a query
// gives the same rows with and without the optimizer.

import StarlingFormatSupport
import StarlingTestSupport

package final class ParquetFuzzer: Fuzzer {
    package static let name = "parquet"
    package static let summary = "damaged Parquet files, scanned, filtered, sorted and joined"
    package static let smokeRoundCount = 150

    private let trial: FileTrial
    private let anatomies: [ParquetAnatomy]
    private let intact: Set<[UInt8]>

    package init(folder: String) throws {
        trial = FileTrial(path: folder + "/input.parquet")
        var anatomies: [ParquetAnatomy] = []
        for (name, bytes) in try FixtureFolder("ParquetTests").files(endingIn: [".parquet"]) {
            guard let anatomy = ParquetAnatomy(bytes) else { continue }
            // Without a codec, damage reaches the decoders and not only the checks of the codec.
            let count = name.contains("none") ? 4 : 1
            anatomies += [ParquetAnatomy](repeating: anatomy, count: count)
        }
        self.anatomies = anatomies
        intact = Set(anatomies.map(\.bytes))
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        let anatomy = chance.pick(anatomies)
        if chance.below(20) == 0 { return anatomy.bytes }
        return FileDamage(anatomy).damaged(&chance)
    }

    package func run(_ input: [UInt8]) throws {
        try trial.run(input, isIntact: intact.contains(input))
    }
}
