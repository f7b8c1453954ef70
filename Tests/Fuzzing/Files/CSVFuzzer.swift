// Damaged CSV files: what means something to a dialect, where it does not belong.

import StarlingTestSupport

package final class CSVFuzzer: Fuzzer {
    package static let name = "csv"
    package static let summary = "damaged CSV files of many dialects"
    package static let smokeRoundCount = 100

    private let fuzzing: FixtureFuzzing

    package init(folder: String) throws {
        fuzzing = try FixtureFuzzing(
            folder: folder, tests: "CSVTests", endings: [".csv", ".csv.gz", ".csv.zst", ".tsv"]
        ) { name, bytes in
            (
                ByteDamage(
                    bytes: bytes,
                    words: ByteDamage.words([
                        "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\\", "\\\"", "'",
                        "#",
                        "NULL", "1e309", "-", ".", "99999999999999999999", "2024-02-30", "\u{FEFF}",
                        "\0", "\u{1F600}", String(repeating: "x", count: 5_000),
                    ]) + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]), name.hasSuffix(".csv") ? 3 : 1
            )
        }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        fuzzing.makeInput(&chance)
    }
    package func run(_ input: [UInt8]) throws { try fuzzing.run(input) }
}
