import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ComparisonTests {
    private static let count = 131

    private func check(
        _ comparison: ComparisonOperator, _ left: SampleColumn, _ right: SampleColumn
    ) {
        let result = compare(comparison, left.vector, right.vector)
        #expect(result.count == left.values.count)
        var selected: [Int] = []
        for (row, (a, b)) in zip(left.values, right.values).enumerated() {
            let expected: Value =
                comparison == .nullSafeEqual && (a.isNull || b.isNull)
                ? .boolean(a.isNull && b.isNull)
                : a.isNull || b.isNull ? .null : .boolean(referenceCompare(comparison, a, b))
            #expect(result.value(at: row) == expected, TestTrace.comment)
            if expected == .boolean(true) { selected.append(row) }
        }
        #expect(Selection(trueRowsOf: result).list == selected, TestTrace.comment)
    }

    private func checkAll(_ first: PhysicalType, _ second: PhysicalType) {
        var generator = SeededGenerator(seed: UInt64(first.rawValue) * 16 + UInt64(second.rawValue))
        withEvery("left", in: SampleEncoding.allCases) { leftEncoding in
            withEvery("right", in: SampleEncoding.allCases) { rightEncoding in
                withEvery("nulls", in: [0, 0.3, 1]) { nullRate in
                    let left = SampleColumn(
                        first, leftEncoding, count: Self.count, nullRate: nullRate,
                        using: &generator)
                    let right = SampleColumn(
                        second, rightEncoding, count: Self.count, nullRate: nullRate / 2,
                        using: &generator)
                    withEvery("operator", in: ComparisonOperator.allCases) {
                        check($0, left, right)
                    }
                }
            }
        }
    }

    @Test(arguments: integerPhysicalTypes, integerPhysicalTypes)
    func integersCompareAcrossWidths(_ first: PhysicalType, _ second: PhysicalType) {
        checkAll(first, second)
    }

    @Test(arguments: [PhysicalType.float32, .float64], [PhysicalType.float32, .float64])
    func floatingPointNumbersCompare(_ first: PhysicalType, _ second: PhysicalType) {
        checkAll(first, second)
    }

    /// All pairs, as columns and with a constant on either side: NaN is equal to NaN and greater than
    /// all other numbers, and the zeros are equal.
    @Test(arguments: [PhysicalType.float32, .float64], [PhysicalType.float32, .float64])
    func floatingPointNumbersHaveOneOrder(_ first: PhysicalType, _ second: PhysicalType) {
        // By rank: what has the same one is equal.
        let ranked: [(number: Double, rank: Int)] = [
            (-.infinity, 0), (-1.5, 1), (-0.0, 2), (0, 2), (2.5, 3), (.infinity, 4), (.nan, 5),
            (-.nan, 5), (.signalingNaN, 5),
        ]
        func expected(_ comparison: ComparisonOperator, _ a: Int, _ b: Int) -> Value {
            switch comparison {
            case .equal, .nullSafeEqual: .boolean(a == b)
            case .notEqual: .boolean(a != b)
            case .less: .boolean(a < b)
            case .lessOrEqual: .boolean(a <= b)
            case .greater: .boolean(a > b)
            case .greaterOrEqual: .boolean(a >= b)
            }
        }
        let all = Vector(first, values: ranked.map { .floating($0.number) })
        withEvery("operator", in: ComparisonOperator.allCases) { comparison in
            for (number, rank) in ranked {
                let values = Array(repeating: Value.floating(number), count: ranked.count)
                let others = [
                    Vector(second, values: values),
                    Vector(constant: .floating(number), second, count: ranked.count),
                ]
                for other in others {
                    #expect(
                        compare(comparison, all, other).allValues
                            == ranked.map { expected(comparison, $0.rank, rank) })
                    #expect(
                        compare(comparison, other, all).allValues
                            == ranked.map { expected(comparison, rank, $0.rank) })
                }
            }
        }
    }

    @Test func stringsCompare() { checkAll(.string, .string) }

    @Test(arguments: integerPhysicalTypes)
    func rangesIncludeBothEnds(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 7)
        let limits = type.integerBounds!
        let ranges = [
            Bounds(low: -2, high: 3), Bounds(0), Bounds(low: .min, high: 0), limits,
            Bounds(low: 1, high: .max), Bounds(low: limits.high, high: .max),
            Bounds(low: .min, high: limits.low),
        ]
        withEvery("encoding", in: SampleEncoding.allCases) { encoding in
            let column = SampleColumn(
                type, encoding, count: Self.count, nullRate: 0.2, using: &generator)
            withEvery("range", in: ranges) { range in
                let result = column.vector.mask(within: range)
                let expected = column.values.map { value in
                    value.integer.map { Value.boolean(range.contains($0)) } ?? .null
                }
                #expect(result.allValues == expected, TestTrace.comment)
            }
        }
    }
}
