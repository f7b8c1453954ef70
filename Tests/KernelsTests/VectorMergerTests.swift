import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct VectorMergerTests {
    /// Deals 300 rows out to pieces in every encoding; rows of no piece are NULL.
    @Test(arguments: scalarPhysicalTypes)
    func piecesGoToTheirRows(_ type: PhysicalType) {
        var generator = SeededGenerator(seed: 5)
        withEvery("nulls", in: [0, 0.3, 1]) { nullRate in
            withEvery("pieces", in: [1, 2, 5]) { pieceCount in
                let owner = (0..<300).map { _ in Int.random(in: 0...pieceCount, using: &generator) }
                var merger = VectorMerger(type, count: 300)
                var expected = [Value](repeating: .null, count: 300)
                for piece in 0..<pieceCount {
                    let rows = owner.indices.filter { owner[$0] == piece }
                    if rows.isEmpty { continue }
                    let column = SampleColumn(
                        type, SampleEncoding.allCases.randomElement(using: &generator)!,
                        count: rows.count, nullRate: nullRate, using: &generator)
                    merger.add(column.vector, at: Selection(rows: rows))
                    for (place, row) in rows.enumerated() { expected[row] = column.values[place] }
                }
                #expect(merger.finish().allValues == expected, TestTrace.comment)
            }
        }
    }

    /// Arrays of different pieces keep their elements.
    @Test func nestedPiecesGoToTheirRows() {
        let type = LogicalType.array(.bigint)
        let first: [Value] = [.list([.integer(1), .null]), .list([]), .null]
        let second: [Value] = [.list([.integer(7)]), .list([.integer(8), .integer(9)])]
        var merger = VectorMerger(.list, count: 6)
        merger.add(Vector(first, as: type), at: Selection(rows: [0, 2, 4]))
        merger.add(Vector(second, as: type), at: Selection(rows: [1, 5]))
        #expect(
            merger.finish().allValues == [first[0], second[0], first[1], .null, .null, second[1]])
    }

    @Test func nothingButNullsIsNull() {
        let merger = VectorMerger(.string, count: 3)
        #expect(merger.finish().allValues == [.null, .null, .null])
    }

    @Test(arguments: scalarPhysicalTypes, SampleEncoding.allCases)
    func blendsChooseByTheMask(_ type: PhysicalType, _ encoding: SampleEncoding) {
        var generator = SeededGenerator(seed: 6)
        withEvery("nulls", in: [0, 0.4]) { nullRate in
            let truths: [Value] = (0..<300).map { _ in
                if generator.chance(nullRate) { return .null }
                return .integer(generator.chance(0.5) ? 1 : 0)
            }
            let first = SampleColumn(
                type, encoding, count: 300, nullRate: nullRate, using: &generator)
            let second = SampleColumn(
                type, SampleEncoding.allCases.randomElement(using: &generator)!, count: 300,
                nullRate: nullRate, using: &generator)
            let result = blend(Vector(.int8, values: truths), first.vector, second.vector)
            let expected = (0..<300).map { row in
                truths[row] == .integer(1) ? first.values[row] : second.values[row]
            }
            #expect(result.allValues == expected, TestTrace.comment)
        }
    }
}
