// Materialized views against recomputation: random tables, random views over all operators that can be
// kept, views on views, and random changes. After each commit the rows of each view are those of its
// query. The input is a script, a statement a line, that `ViewScript` runs.

import StarlingTestSupport
import StarlingViews

package final class ViewFuzzer: Fuzzer {
    package static let name = "views"
    package static let summary =
        "random changes under random materialized views, against recomputation"
    package static let smokeRoundCount = 12

    private let folder: String

    package init(folder: String) { self.folder = folder }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        var maker = ViewScriptMaker(chance)
        let lines = maker.lines()
        chance = maker.chance
        return Array(lines.joined(separator: "\n").utf8)
    }

    package func run(_ input: [UInt8]) throws {
        try run(String(decoding: input, as: UTF8.self), flaw: nil)
    }

    /// Tells whether rounds find that views are kept wrong in some way.
    package func finds(flaw: SeededFlaw, rounds: Int, seed: UInt64) throws -> Bool {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<rounds {
            let script = String(decoding: makeInput(&chance), as: UTF8.self)
            do {
                try run(script, flaw: flaw)
            } catch is FuzzFailure { return true }
        }
        return false
    }

    private func run(_ text: String, flaw: SeededFlaw?) throws {
        let script = try ViewScript(in: folder, flaw: flaw)
        for line in text.split(separator: "\n") { try script.run(String(line)) }
    }
}
