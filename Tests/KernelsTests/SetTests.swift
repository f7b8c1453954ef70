import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct SetTests {
    @Test(arguments: integerPhysicalTypes, SampleEncoding.allCases)
    func integerSets(_ type: PhysicalType, _ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 21)
        let sets: [[Int128]] = [
            [], [3], [1, -1, 300], Array(-3...3), [0, 2, 4, 40, 400, 4_000],
            [0, 1, 2, 3, 4, 5, 1 << 40], [.min, .max, 0, 1, 2, 3],
            [1 << 100, (1 << 100) + 1, 5, 6, 7],
            (0..<6).map { Int128(Int64.max) - $0 }, (0..<6).map { Int128(Int64.min) + $0 },
        ]
        for set in sets {
            let column = SampleColumn(type, encoding, count: 150, nullRate: 0.2, using: &generator)
            let result = IntegerSet(set).mask(column.vector)
            let expected = column.values.map { value in
                value.integer.map { Value.boolean(set.contains($0)) } ?? .null
            }
            #expect(result.allValues == expected)
        }
    }

    @Test(arguments: SampleEncoding.allCases)
    func stringSets(_ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 22)
        let members = ["", "abc", "abcdefghijklmnopqrstuvwxyz", "other", "äöü€𝄞"]
        let column = SampleColumn(.string, encoding, count: 200, nullRate: 0.2, using: &generator)
        let result = StringSet(members.map { Array($0.utf8) }).mask(column.vector)
        let expected = column.values.map { value in
            value.text.map { Value.boolean(members.contains($0)) } ?? .null
        }
        #expect(result.allValues == expected)
    }
}
