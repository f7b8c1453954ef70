import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ConversionTests {
    @Test(arguments: integerPhysicalTypes, integerPhysicalTypes)
    func integersChangeLayout(_ first: PhysicalType, _ second: PhysicalType) {
        var generator = SeededGenerator(seed: 31)
        for encoding in SampleEncoding.allCases {
            let column = SampleColumn(first, encoding, count: 140, nullRate: 0.3, using: &generator)
            let range = second.integerBounds!
            let result = column.vector.narrowed(to: second, within: range)
            #expect(result.physicalType == second)
            let expected = column.values.map { value in
                value.integer.map { range.contains($0) ? value : .null } ?? .null
            }
            #expect(result.allValues == expected)
        }
    }

    @Test func decimalsRoundHalfAwayFromZero() {
        let vector = Vector(.int64, values: [125, 124, -125, -124, 0, 999].map { .integer($0) })
        let result = vector.rescaled(from: 2, to: 1, precision: 2, layout: .int16)
        #expect(result.allValues == [13, 12, -13, -12, 0].map { .integer($0) } + [.null])
        let up = vector.scaledUp(digits: 3, to: .int32)
        #expect(up.value(at: 2) == .integer(-125_000))
    }

    @Test func floatingPointNumbersBecomeIntegers() {
        let numbers = [1.5, -1.5, 2.4, 127.9, 128, .nan, .infinity, -0.2]
        let vector = Vector(.float64, values: numbers.map { .floating($0) })
        let limits = PhysicalType.int8.integerBounds!
        let cut = vector.floatingToInteger(scale: 0, rounds: false, within: limits, layout: .int8)
        #expect(
            cut.allValues == [.integer(1), .integer(-1), .integer(2), .integer(127)]
                + [.null, .null, .null, .integer(0)])
        let rounded = vector.floatingToInteger(
            scale: 0, rounds: true, within: limits, layout: .int8)
        #expect(
            rounded.allValues == [.integer(2), .integer(-2), .integer(2)]
                + [.null, .null, .null, .null, .integer(0)])
    }

    @Test(arguments: SampleEncoding.allCases)
    func encodingsScale(_ encoding: SampleEncoding) {
        let values = [7, 9, 7, 8].map { Value.integer($0) }
        let vector = Vector(.int32, values: values, as: encoding)
        let expected = (encoding == .constant ? [7, 7, 7, 7] : [7, 9, 7, 8]).map { Int128($0) }
        #expect(
            vector.scaledUp(digits: 1, to: .int32).allValues == expected.map { .integer($0 * 10) })
        let wide = Vector(.int128, values: values, as: encoding)
        #expect(
            wide.rescaled(from: 0, to: 1, precision: 9, layout: .int128).allValues
                == expected.map { .integer($0 * 10) })
        #expect(
            wide.decimalToFloating(scale: 1, .float64).allValues
                == expected.map { .floating(Double($0) / 10) })
    }

    @Test func divisionsRoundDown() {
        let vector = Vector(.int64, values: [10, 9, -1, -10, -11].map { .integer($0) })
        #expect(vector.dividedDown(by: 10).allValues == [1, 0, -1, -1, -2].map { .integer($0) })
    }
}
