// Estimates are near the truth for any count, and merging is as if one had seen all.

import StarlingMemory
import StarlingTables
import Testing

@Suite struct DistinctRegistersTests {
    private func hashes(_ numbers: Range<UInt64>) -> [UInt64] {
        numbers.map { XXHash64.hash(word: $0) }
    }

    @Test(arguments: [0, 1, 2, 10, 100, 1_000, 10_000, 1_000_000] as [UInt64])
    func estimatesAreNear(_ count: UInt64) {
        let estimate = DistinctRegisters(hashes(0..<count)).estimate
        let error = abs(Double(estimate) - Double(count))
        #expect(error <= Double(count) * 0.1 + 0.5, "\(estimate) of \(count)")
    }

    @Test func mergingIsSeeingAll() {
        var merged = DistinctRegisters(hashes(0..<5_000))
        merged.merge(DistinctRegisters(hashes(3_000..<9_000)))
        merged.merge(DistinctRegisters())
        #expect(merged == DistinctRegisters(hashes(0..<9_000)))
    }

    @Test func entriesAreReadAgain() throws {
        for count in [0, 3, 800, 50_000] as [UInt64] {
            let registers = DistinctRegisters(hashes(0..<count))
            #expect(DistinctRegisters(entries: registers.entries) == registers)
        }
        #expect(DistinctRegisters(entries: [63]) == nil)
    }

    /// The 8 bytes of a word are what they are, however they are hashed.
    @Test func wordsHashAsTheirBytes() {
        for number in [0, 1, 0x0102_0304_0506_0708, .max] as [UInt64] {
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
            #expect(XXHash64.hash(word: number) == XXHash64.hash(bytes))
        }
    }
}
