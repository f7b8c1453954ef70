// Documents as columns against documents as they are: a table that flattens gives the same rows as one that
// does not, whatever paths are asked at whatever types, through changes, other properties, compaction and
// opening again.

import StarlingTestSupport

package final class FlatteningFuzzer: Fuzzer {
    package static let name = "flattening"
    package static let summary = "random documents and paths, flattened and as they are"
    package static let smokeRoundCount = 4

    private let folder: String

    package init(folder: String) { self.folder = folder }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        PairScript.input(of: FlatteningScriptMaker.self, &chance)
    }

    package func run(_ input: [UInt8]) throws { try PairScript.run(input, in: folder) }
}
