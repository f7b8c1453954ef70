// Damaged files: errors that name file and place, or rows, but no crash and no endless work.

import Glibc
import StarlingErrors
import StarlingFormatSupport
import StarlingFormats
import StarlingORC
import StarlingTables
import StarlingTestSupport
import Testing

@Suite struct ORCFaultTests {
    /// A smoke run unless STARLING_FUZZ_ROUNDS says how many rounds a fixture gets.
    static let roundCount: Int = {
        guard let text = getenv("STARLING_FUZZ_ROUNDS") else { return 30 }
        return Int(String(cString: text)) ?? 30
    }()

    @Test(arguments: Fixture.readable)
    func bitsAreFlipped(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        for round in 0..<Self.roundCount {
            var damaged = bytes
            for _ in 0...(round % 4) {
                // The tail stands behind, streams are anywhere.
                let near = Int.random(in: 0..<min(damaged.count, 1_500), using: &generator)
                let place =
                    [
                        damaged.count - 1 - near, damaged.count - 1 - near / 8,
                        Int.random(in: 0..<damaged.count, using: &generator),
                    ]
                    .randomElement(using: &generator)!
                damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            try check(damaged)
        }
    }

    @Test(arguments: Fixture.readable)
    func filesAreCutOff(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        var generator = SeededGenerator(seed: UInt64(bytes.count))
        for round in 0..<Self.roundCount {
            let near = min(bytes.count - 1, 300)
            let count =
                round % 2 == 0
                ? Int.random(in: 0..<bytes.count, using: &generator)
                : bytes.count - Int.random(in: 1...near, using: &generator)
            try check(Array(bytes[..<count]))
        }
    }

    private func check(_ bytes: [UInt8]) throws {
        let errors = try unexpectedErrors {
            try ORCFormat.table(of: [ORCFile(MemoryFile(bytes))], title: "orc").table
        }
        #expect(errors.isEmpty)
    }
}
