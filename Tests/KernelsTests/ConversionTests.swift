import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ConversionTests {
    @Test(arguments: integerPhysicalTypes, integerPhysicalTypes)
    func integersChangeLayout(_ first: PhysicalType, _ second: PhysicalType) {
        let ranges = [second.integerBounds!, Bounds(low: -2, high: 3), Bounds(0)]
        withEverySample(of: first) { column, _ in
            withEvery("range", in: ranges) { range in
                let result = column.vector.narrowed(to: second, within: range)
                #expect(result.physicalType == second, TestTrace.comment)
                let expected = column.values.map { value in
                    value.integer.map { range.contains($0) ? value : .null } ?? .null
                }
                #expect(result.allValues == expected, TestTrace.comment)
            }
        }
    }

    @Test(arguments: integerPhysicalTypes, [PhysicalType.float32, .float64])
    func integersBecomeFloatingPointNumbers(_ first: PhysicalType, _ second: PhysicalType) {
        withEverySample(of: first) { column, _ in
            let expected = column.values.map { value in
                value.integer.map { number in
                    Value.floating(second == .float32 ? Double(Float(number)) : Double(number))
                } ?? .null
            }
            let result = column.vector.convertedToFloating(second)
            #expect(result.physicalType == second, TestTrace.comment)
            #expect(result.allValues == expected, TestTrace.comment)
        }
    }

    @Test(arguments: integerPhysicalTypes)
    func decimalsChangeScale(_ type: PhysicalType) {
        withEverySample(of: type) { column, _ in
            withEvery("precision", in: [1, 3, 18, 38]) { precision in
                let limit = (0..<precision).reduce(Int128(1)) { product, _ in product * 10 }
                let up = column.vector.rescaled(
                    from: 0, to: 2, precision: precision, layout: .int128)
                let raised = column.values.map { value -> Value in
                    guard let number = value.integer else { return .null }
                    let (product, overflows) = number.multipliedReportingOverflow(by: 100)
                    return overflows || product.magnitude >= limit.magnitude
                        ? .null : .integer(product)
                }
                #expect(up.allValues == raised, TestTrace.comment)
                let down = column.vector.rescaled(
                    from: 1, to: 0, precision: precision, layout: .int128)
                let cut = column.values.map { value -> Value in
                    guard let number = value.integer else { return .null }
                    let half: Int128 = (number % 10).magnitude < 5 ? 0 : number < 0 ? -1 : 1
                    let rounded = number / 10 + half
                    return rounded.magnitude >= limit.magnitude ? .null : .integer(rounded)
                }
                #expect(down.allValues == cut, TestTrace.comment)
            }
        }
    }

    @Test(arguments: [PhysicalType.float32, .float64], [false, true])
    func floatingPointSamplesBecomeIntegers(_ type: PhysicalType, _ rounds: Bool) {
        withEverySample(of: type) { column, _ in
            withEvery("target", in: [PhysicalType.int8, .int64, .int128]) { target in
                let limits = target.integerBounds!
                let result = column.vector.floatingToInteger(
                    scale: 1, rounds: rounds, within: limits, layout: target)
                let expected = column.values.map { value -> Value in
                    guard case .floating(let number) = value, number.isFinite else { return .null }
                    let whole = (number * 10).rounded(
                        rounds ? .toNearestOrAwayFromZero : .towardZero)
                    guard let integer = Int128(exactly: whole), limits.contains(integer)
                    else { return .null }
                    return .integer(integer)
                }
                #expect(result.allValues == expected, TestTrace.comment)
            }
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

    @Test(arguments: SampleEncoding.allCases)
    func longDecimalsBecomeTheNearestNumbers(_ encoding: SampleEncoding) {
        let values = [778_099_902_940_074_426, 15, -778_099_902_940_074_426].map(Value.integer)
        let expected = [778099902940.074426, 0.000015, -778099902940.074426]
        let vector = Vector(.int64, values: values, as: encoding)
        #expect(
            vector.decimalToFloating(scale: 6, .float64).allValues
                == (encoding == .constant ? expected.map { _ in expected[0] } : expected)
                .map { .floating($0) })
    }

    @Test func divisionsRoundDown() {
        let vector = Vector(.int64, values: [10, 9, -1, -10, -11].map { .integer($0) })
        #expect(vector.dividedDown(by: 10).allValues == [1, 0, -1, -1, -2].map { .integer($0) })
    }
}
