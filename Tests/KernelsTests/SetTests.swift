import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct SetTests {
    @Test(arguments: integerPhysicalTypes)
    func integerSets(_ type: PhysicalType) {
        let sets: [[Int128]] = [
            [], [3], [1, -1, 300], Array(-3...3), [0, 2, 4, 40, 400, 4_000],
            [0, 1, 2, 3, 4, 5, 1 << 40], [.min, .max, 0, 1, 2, 3],
            [1 << 100, (1 << 100) + 1, 5, 6, 7],
            (0..<6).map { Int128(Int64.max) - $0 }, (0..<6).map { Int128(Int64.min) + $0 },
        ]
        withEvery("set", in: sets) { set in
            let known = IntegerSet(set)
            withEverySample(of: type) { column, _ in
                let expected = column.values.map { value in
                    value.integer.map { Value.boolean(set.contains($0)) } ?? .null
                }
                #expect(known.mask(column.vector).allValues == expected, TestTrace.comment)
            }
        }
    }

    @Test func stringSets() {
        let sets = [
            [], [""], ["", "abc", "abcdefghijklmnopqrstuvwxyz", "other", "äöü€𝄞"],
            (0..<100).map { "text number \($0)" } + ["abcdefghijklm"],
        ]
        withEvery("set", in: sets) { set in
            let known = StringSet(set.map { Array($0.utf8) })
            withEverySample(of: .string) { column, _ in
                let expected = column.values.map { value in
                    value.text.map { Value.boolean(set.contains($0)) } ?? .null
                }
                #expect(known.mask(column.vector).allValues == expected, TestTrace.comment)
            }
        }
    }

    @Test(arguments: [PhysicalType.float32, .float64])
    func setsOfFloatingPointNumbers(_ type: PhysicalType) {
        withEvery("set", in: [[], [0], [1.5, -2.25, 7], [.infinity, -0.0]]) { set in
            withEverySample(of: type) { column, _ in
                let expected = column.values.map { value in
                    guard case .floating(let number) = value else { return Value.null }
                    return .boolean(set.contains(number))
                }
                #expect(mask(column.vector, in: set).allValues == expected, TestTrace.comment)
            }
        }
    }

    @Test(arguments: [PhysicalType.float32, .float64])
    func setsOfNumbersWithNaN(_ type: PhysicalType) {
        let vector = Vector(
            type, values: [.floating(1), .floating(.nan), .null, .floating(-.nan), .floating(2)])
        #expect(
            mask(vector, in: [.nan, 2]).allValues
                == [.boolean(false), .boolean(true), .null, .boolean(true), .boolean(true)])
        #expect(
            mask(vector, in: [1]).allValues
                == [.boolean(true), .boolean(false), .null, .boolean(false), .boolean(false)])
    }
}
