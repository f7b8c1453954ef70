import StarlingKernels
import StarlingMemory
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct HashTests {
    private func hashes(_ columns: [Vector]) -> [UInt64] {
        let count = columns[0].count
        let buffer = Buffer(byteCount: max(8, count * 8))
        ColumnHasher().hash(columns, count: count, into: buffer.pointer())
        return (0..<count).map { buffer.pointer(to: UInt64.self)[$0] }
    }

    @Test(arguments: scalarPhysicalTypes)
    func encodingsAgree(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 1)
        let column = SampleColumn(type, .flat, count: 250, nullRate: 0.2, using: &generator)
        let expected = hashes([column.vector])
        #expect(hashes([Vector(type, values: column.values, as: .dictionary)]) == expected)
        #expect(hashes([Vector(type, values: column.values, as: .slice)]) == expected)
        for row in 0..<250 {
            let constant = Vector(constant: column.values[row], type, count: 3)
            #expect(hashes([constant]) == Array(repeating: expected[row], count: 3))
        }
    }

    @Test(arguments: scalarPhysicalTypes)
    func samplesHashAsSingleValues(_ type: PhysicalType) {
        withEverySample(of: type) { column, _ in
            let alone = column.values.map { hashes([Vector(type, values: [$0])])[0] }
            #expect(hashes([column.vector]) == alone, TestTrace.comment)
            let twice = column.values.map { value in
                let one = Vector(type, values: [value])
                return hashes([one, one])[0]
            }
            #expect(hashes([column.vector, column.vector]) == twice, TestTrace.comment)
            // One hasher sees chunk after chunk, and keeps what it knows of a dictionary.
            let hasher = ColumnHasher()
            for _ in 0..<2 {
                let buffer = Buffer(byteCount: max(8, column.vector.count * 8))
                hasher.hash(
                    [column.vector], count: column.vector.count, into: buffer.pointer())
                let found = (0..<column.vector.count).map { buffer.pointer(to: UInt64.self)[$0] }
                #expect(found == alone, TestTrace.comment)
            }
        }
    }

    @Test func widthsAgree() {
        let values = [-128, -1, 0, 1, 77, 127].map { Value.integer($0) } + [.null]
        let expected = hashes([Vector(.int8, values: values)])
        for type in integerPhysicalTypes {
            #expect(hashes([Vector(type, values: values)]) == expected)
        }
        #expect(Set(expected).count == values.count)
        let large = [Int128(1) << 64, Int128(1) << 65, 1, -1].map { Value.integer($0) }
        #expect(Set(hashes([Vector(.int128, values: large)])).count == 4)
    }

    @Test func zerosAreEqual() {
        let hashes = hashes([Vector(.float64, values: [.floating(0), .floating(-0.0)])])
        #expect(hashes[0] == hashes[1])
        let narrow = self.hashes([Vector(.float32, values: [.floating(1.5)])])
        #expect(narrow == self.hashes([Vector(.float64, values: [.floating(1.5)])]))
    }

    @Test func orderOfColumnsMatters() {
        let a = Vector(.int32, values: (0..<1_000).map { .integer($0) })
        let b = Vector(.int32, values: (0..<1_000).map { .integer(999 - $0) })
        #expect(Set(hashes([a, b])).count == 1_000)
        #expect(hashes([a, b]) != hashes([b, a]))
    }

    @Test func longStringsDependOnEveryByte() {
        let base = Array("The quick brown fox jumps over the lazy dog, twice.".utf8)
        var values: [Value] = []
        for length in 0...base.count { values.append(.bytes(Array(base[..<length]))) }
        for position in base.indices {
            var changed = base
            changed[position] ^= 1
            values.append(.bytes(changed))
        }
        #expect(Set(hashes([Vector(.string, values: values)])).count == values.count)
    }

    @Test func lowAndHighBitsSpread() {
        let vector = Vector(.int64, values: (0..<4_096).map { .integer($0 << 20) })
        let all = hashes([vector])
        #expect(Set(all.map { $0 & 0xFFF }).count > 2_300)
        #expect(Set(all.map { $0 >> 52 }).count > 2_300)
    }
}
