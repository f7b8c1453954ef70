// Curves go through every place once, a Hilbert curve without jumps; ranks keep order and take
// distributions out.

import StarlingFunctions
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ClusteringCurveTests {
    private func vector(_ values: [Int]) -> Vector {
        Vector(.int16, values: values.map { .integer(Int128($0)) })
    }

    @Test func zOrderInterleaves() {
        let curve = ClusteringCurve(.zorder, axisCount: 2)
        // The first axis has the higher bit of each pair.
        let places = curve.places(of: [vector([0, 0, 1, 1, 2, 3]), vector([0, 1, 0, 1, 0, 3])])
        #expect(places == [0, 1, 2, 3, 8, 15])
    }

    @Test(arguments: [2, 3]) func aHilbertCurveMakesNoJumps(axisCount: Int) {
        let curve = ClusteringCurve(.hilbert, axisCount: axisCount)
        // A corner of the space that the curve goes through before the rest.
        let side = axisCount == 2 ? 16 : 8
        let count = axisCount == 2 ? side * side : side * side * side
        var cells: [[Int]] = []
        for cell in 0..<count {
            cells.append(
                (0..<axisCount).map { axis in
                    var rest = cell
                    for _ in 0..<axis { rest /= side }
                    return rest % side
                })
        }
        let places = curve.places(
            of: (0..<axisCount).map { axis in vector(cells.map { $0[axis] }) })
        #expect(Set(places) == Set((0..<count).map { Int64($0) }))
        let path = zip(places, cells).sorted { $0.0 < $1.0 }.map(\.1)
        for (cell, next) in zip(path, path.dropFirst()) {
            let distance = zip(cell, next).reduce(0) { $0 + abs($1.0 - $1.1) }
            #expect(distance == 1)
        }
    }

    private func ranks(_ vector: Vector, sample: Vector, bitCount: Int = 4) -> [Value] {
        let learned = ColumnRanks(sample: [sample], bitCount: bitCount)
        let ranks = learned.ranks(of: vector, as: .int32)
        return (0..<ranks.count).map { ranks.value(at: $0) }
    }

    private func integers(_ values: [Int128]) -> [Value] { values.map { .integer($0) } }

    @Test func ranksAreEqualShares() {
        let values = (0..<16).map { Value.integer(Int128($0) * Int128($0) * 1_000) }
        let sample = Vector(.int64, values: values.reversed())
        #expect(ranks(sample, sample: sample) == integers((0..<16).map { Int128(15 - $0) }))
        let others = Vector(.int64, values: [.integer(-5), .integer(3_999), .integer(1 << 60)])
        #expect(ranks(others, sample: sample) == integers([0, 1, 15]))
    }

    @Test func nullsComeFirstAndFrequentValuesTakeTheirShare() {
        let values: [Value] =
            Array(repeating: .null, count: 8) + Array(repeating: .text("m"), count: 4)
            + [.text("n"), .text("o"), .text("customer 12"), .text("customer 13")]
        let sample = Vector(.string, values: values)
        let asked = Vector(
            .string,
            values: [
                .null, .text("a"), .text("customer 12"), .text("customer 13"),
                .text("m"), .text("n"), .text("o"), .text("z"),
            ])
        #expect(ranks(asked, sample: sample) == integers([0, 8, 8, 9, 10, 14, 15, 15]))
    }

    @Test func numbersOfAllKindsAreRanked() {
        let doubles = Vector(
            .float64, values: [-2.5, -0.5, 0.25, 9e300].map { .floating($0) })
        #expect(ranks(doubles, sample: doubles, bitCount: 2) == integers([0, 1, 2, 3]))
        let wide = Vector(
            .int128,
            values: [Int128(1) << 100, -(Int128(1) << 100), 0, 1].map { .integer($0) })
        #expect(ranks(wide, sample: wide, bitCount: 2) == integers([3, 0, 1, 2]))
    }
}
