// Damaged Arrow files and streams: metadata of messages, footers, buffers.

import StarlingTestSupport

package final class ArrowFuzzer: Fuzzer {
    package static let name = "arrow"
    package static let summary = "damaged Arrow files and streams, scanned, filtered and joined"
    package static let smokeRoundCount = 100

    private let fuzzing: FixtureFuzzing

    package init(folder: String) throws {
        fuzzing = try FixtureFuzzing(folder: folder, tests: "ArrowTests", endings: [".arrow"]) {
            name, bytes in
            // Metadata follows the mark of each message, and the footer ends the file.
            var hotspots = ByteDamage.ranges(
                behind: [0xFF, 0xFF, 0xFF, 0xFF], in: bytes, count: 2_000)
            hotspots.append(max(0, bytes.count - 4_000)..<bytes.count)
            hotspots.append(0..<min(200, bytes.count))
            return (
                ByteDamage(bytes: bytes, hotspots: hotspots),
                name.contains("plain") || name.contains("stream") ? 3 : 1
            )
        }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        fuzzing.makeInput(&chance)
    }
    package func run(_ input: [UInt8]) throws { try fuzzing.run(input) }
}
