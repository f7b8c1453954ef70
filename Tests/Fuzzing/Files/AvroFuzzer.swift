// Damaged Avro files: headers, counts and sizes of blocks, and what lies in them.

import StarlingTestSupport

package final class AvroFuzzer: Fuzzer {
    package static let name = "avro"
    package static let summary = "damaged Avro files, scanned, filtered, sorted and joined"
    package static let smokeRoundCount = 100

    private let fuzzing: FixtureFuzzing

    package init(folder: String) throws {
        fuzzing = try FixtureFuzzing(folder: folder, tests: "AvroTests", endings: [".avro"]) {
            name, bytes in
            // The marker stands behind the header and every block; counts and sizes follow it.
            let marker = Array(bytes.suffix(16))
            var hotspots = ByteDamage.ranges(behind: marker, in: bytes, count: 40)
            let headerEnd = hotspots.first?.lowerBound ?? bytes.count
            hotspots += [0..<headerEnd, 0..<60]
            return (
                ByteDamage(
                    bytes: bytes, hotspots: hotspots,
                    words: ByteDamage.words([
                        "\"int\"", "\"map\"", "\"long\"", "\"null\"", "\"enum\"", "\"bytes\"",
                        "\"float\"", "\"array\"", "\"fixed\"", "\"string\"", "\"double\"",
                        "\"record\"", "\"date\"", "\"uuid\"", "null", "deflate", "snappy",
                    ])), name.contains("null") ? 4 : 1
            )
        }
    }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        fuzzing.makeInput(&chance)
    }
    package func run(_ input: [UInt8]) throws { try fuzzing.run(input) }
}
