import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

/// Values outside of claimed bounds, with NULLs whose slots hold anything.
@Suite struct OutlierTests {
    private let bounds = Bounds(low: 100, high: 200)

    /// Puts `outlier` at `row` among values within the bounds; each row in `nulls` is NULL.
    private func column(count: Int, outlier: Int64, at row: Int, nulls: [Int]) -> Vector {
        var values: [Value] = (0..<count).map { .integer(100 + Int128($0 % 101)) }
        values[row] = .integer(Int128(outlier))
        for null in nulls { values[null] = .null }
        return Vector(.int64, values: values)
    }

    @Test(arguments: [1, 63, 64, 65, 200, 2_048])
    func findsAnOutlierAnywhere(count: Int) {
        for row in [0, count / 2, count - 1] {
            for outlier in [Int64(99), 201, 0, .min, .max] {
                let nulls = Array(stride(from: 1, to: count, by: 3)).filter { $0 != row }
                #expect(
                    column(count: count, outlier: outlier, at: row, nulls: nulls)
                        .hasIntegers(outside: bounds))
                #expect(
                    column(count: count, outlier: outlier, at: row, nulls: [])
                        .hasIntegers(outside: bounds))
            }
        }
    }

    @Test(arguments: [1, 63, 64, 65, 200, 2_048])
    func leavesNullsOut(count: Int) {
        for nulls in [[0], Array(0..<count), Array(stride(from: 0, to: count, by: 2))] {
            let vector = column(count: count, outlier: 7, at: 0, nulls: nulls)
            #expect(!vector.hasIntegers(outside: bounds))
        }
        #expect(!column(count: count, outlier: 150, at: 0, nulls: []).hasIntegers(outside: bounds))
    }

    @Test(arguments: integerPhysicalTypes)
    func samplesHaveTheOutliersOfTheirValues(_ type: PhysicalType) {
        let limits = type.integerBounds!
        let ranges = [
            Bounds(low: -5, high: 5), Bounds(low: -4, high: 5), Bounds(low: -5, high: limits.high),
            Bounds(low: limits.low, high: 5), limits, Bounds(0), Bounds(low: .min, high: .max),
            Bounds(low: limits.high, high: .max),
        ]
        withEverySample(of: type, count: 200) { column, _ in
            let numbers = column.values.compactMap(\.integer)
            let extent =
                numbers.isEmpty ? nil : Bounds(low: numbers.min()!, high: numbers.max()!)
            #expect(column.vector.extent() == extent, TestTrace.comment)
            withEvery("range", in: ranges) { range in
                let expected = numbers.contains { !range.contains($0) }
                #expect(
                    column.vector.hasIntegers(outside: range) == expected, TestTrace.comment)
            }
        }
    }

    @Test func asksOnlyForValuesThatRowsHave() {
        var rows = Selection()
        rows.count = 3
        for row in 0..<3 { rows.rows[row] = UInt16(row + 1) }
        let vector = column(count: 10, outlier: 999, at: 0, nulls: [2])
        #expect(!vector.gathered(by: rows).hasIntegers(outside: bounds))
        rows.rows[0] = 0
        #expect(vector.gathered(by: rows).hasIntegers(outside: bounds))
    }
}
