// The index of a segment's keys: every row is found by its hash, and damaged bytes are an error or
// name rows that are there.

import StarlingMemory
import StarlingStorage
import StarlingTestSupport
import Testing

@Suite struct KeyIndexTests {
    private func index(_ hashes: [UInt64]) -> KeyIndex {
        hashes.withUnsafeBufferPointer { hashes in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: hashes.count + 1) { copy in
                for (place, hash) in hashes.enumerated() { copy[place] = hash }
                return KeyIndex(hashes: copy.baseAddress.unsafelyUnwrapped, count: hashes.count)
            }
        }
    }

    /// The rows found for each hash, as a set.
    private func found(_ index: KeyIndex, _ hashes: [UInt64], _ places: [UInt32]?) -> Set<UInt64> {
        var found: [UInt64] = []
        hashes.withUnsafeBufferPointer { hashes in
            guard let start = hashes.baseAddress else { return }
            guard let places else {
                return index.find(start, nil, count: hashes.count, into: &found)
            }
            places.withUnsafeBufferPointer {
                index.find(start, $0.baseAddress, count: $0.count, into: &found)
            }
        }
        return Set(found)
    }

    private func hashes(_ count: Int, distinct: Int, _ seed: UInt64) -> [UInt64] {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<distinct).map { _ in UInt64.random(in: 0 ... .max, using: &generator) }
        return (0..<count).map { _ in values.randomElement(using: &generator) ?? 0 }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 1_000, 5_000, 131_072, 133_119])
    func everyRowIsFound(count: Int) {
        for distinct in [1, 40, 1_000_000] where distinct * count < 200_000_000 || distinct == 40 {
            let all = hashes(
                count, distinct: min(distinct, max(count, 1)), UInt64(count + distinct))
            let index = index(all)
            let sought = Array(Set(all.prefix(50)).sorted()) + [1, .max, 1 << 63]
            let pairs = found(index, sought, nil)
            for (place, hash) in sought.enumerated() {
                let wanted = all.indices.filter { all[$0] == hash }
                for row in wanted { #expect(pairs.contains(UInt64(row) << 32 | UInt64(place))) }
            }
            // What else is found has the same bits of which an entry knows.
            #expect(pairs.count <= sought.count * max(count, 1))
            let odd = sought.indices.filter { $0 % 2 == 1 }.map { UInt32($0) }
            #expect(
                found(index, sought, odd) == pairs.filter { ($0 & 0xFFFF_FFFF) % 2 == 1 })
        }
    }

    @Test func repeatedRowsStandTogether() {
        let all = hashes(3_000, distinct: 700, 5)
        let groups = index(all).repeatedRows()
        var model: [UInt64: [UInt32]] = [:]
        for (row, hash) in all.enumerated() { model[hash, default: []].append(UInt32(row)) }
        for rows in model.values where rows.count > 1 {
            #expect(groups.contains { group in rows.allSatisfy { group.contains($0) } })
        }
        #expect(groups.allSatisfy { $0 == $0.sorted() && $0.count > 1 })
    }

    @Test func damagedBytesAreAnErrorOrNameRows() throws {
        let all = hashes(2_000, distinct: 1_500, 9)
        let bytes = index(all).bytes
        var generator = SeededGenerator(seed: 3)
        func copy(_ count: Int) -> Buffer {
            let buffer = Buffer(byteCount: count)
            buffer.baseAddress.copyMemory(
                from: bytes.baseAddress.unsafelyUnwrapped, byteCount: min(count, bytes.count))
            return buffer
        }
        let whole = try KeyIndex(copy(bytes.count), byteCount: bytes.count, rowCount: 2_000)
        #expect(found(whole, all, nil) == found(index(all), all, nil))
        for _ in 0..<400 {
            let buffer = copy(bytes.count)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                buffer.pointer(to: UInt8.self)[place] = UInt8.random(in: 0...255, using: &generator)
            }
            guard
                let damaged = try? KeyIndex(buffer, byteCount: bytes.count, rowCount: 2_000)
            else { continue }
            #expect(found(damaged, all, nil).allSatisfy { $0 >> 32 < 2_000 })
        }
        for count in [0, 7, 8, bytes.count - 8] {
            #expect(throws: (any Error).self) {
                try KeyIndex(copy(max(count, 8)), byteCount: count, rowCount: 2_000)
            }
        }
    }
}
