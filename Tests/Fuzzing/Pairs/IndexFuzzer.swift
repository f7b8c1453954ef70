// Indexes against none: a table with GIN, NGRAMBF and BITMAP over texts, numbers, paths of documents and
// arrays gives the same rows as one without, whatever is asked, through updates and deletes, with indexes
// made before rows came and behind them, and after opening again.

import StarlingTestSupport

package final class IndexFuzzer: Fuzzer {
    package static let name = "indexes"
    package static let summary = "random predicates over random rows, with indexes and without"
    package static let smokeRoundCount = 4

    private let folder: String

    package init(folder: String) { self.folder = folder }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        PairScript.input(of: IndexScriptMaker.self, &chance)
    }

    package func run(_ input: [UInt8]) throws { try PairScript.run(input, in: folder) }
}
