// Damaged ORC files: tails, footers of stripes, row indexes, and streams of runs.

import StarlingTestSupport

package final class ORCFuzzer: Fuzzer {
    package static let name = "orc"
    package static let summary = "damaged ORC files, scanned, filtered, sorted and joined"
    package static let smokeRoundCount = 100

    private let fuzzing: FixtureFuzzing

    package init(folder: String) throws {
        fuzzing = try FixtureFuzzing(folder: folder, tests: "ORCTests", endings: [".orc"]) {
            name, bytes in
            // The tail is behind, and before it the footer of the last stripe; indexes are in front.
            let end = bytes.count
            let hotspots = [
                max(0, end - 40)..<end, max(0, end - 700)..<end, max(0, end - 2_500)..<end,
                0..<min(400, end),
            ]
            // Without a codec, damage reaches the decoders and not only the checks of the codec.
            let isPlain = ["plain.", "uncompressed_12.", "handmade", "stripes"].contains {
                name.contains($0)
            }
            return (ByteDamage(bytes: bytes, hotspots: hotspots), isPlain ? 3 : 1)
        }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        fuzzing.makeInput(&chance)
    }
    package func run(_ input: [UInt8]) throws { try fuzzing.run(input) }
}
