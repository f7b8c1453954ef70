// Damaged files of JSON lines and arrays.

import StarlingTestSupport

package final class JSONFuzzer: Fuzzer {
    package static let name = "json"
    package static let summary = "damaged files of JSON lines and arrays"
    package static let smokeRoundCount = 100

    private let fuzzing: FixtureFuzzing

    package init(folder: String) throws {
        fuzzing = try FixtureFuzzing(
            folder: folder, tests: "JSONLinesTests",
            endings: [".json", ".jsonl", ".json.gz", ".json.zst"]
        ) { name, bytes in
            (
                ByteDamage(
                    bytes: bytes,
                    words: ByteDamage.words([
                        "\"", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\\", "\\\"", "\\u",
                        "\\uD800",
                        "\\u0000", "null", "true", "false", "1e309", "-", ".", "01",
                        "99999999999999999999", "{}", "[]", "\"\":", "\u{FEFF}", "\0",
                        String(repeating: "[", count: 600),
                        String(repeating: "{\"a\":", count: 600),
                    ]) + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]), name.hasSuffix(".json") ? 3 : 1
            )
        }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        fuzzing.makeInput(&chance)
    }
    package func run(_ input: [UInt8]) throws { try fuzzing.run(input) }
}
