import StarlingTables
import StarlingTestSupport
import Testing

@Suite struct RowRangesTests {
    /// Makes ranges and the set of their rows.
    private func random(_ generator: inout SeededGenerator) -> (RowRanges, Set<Int>) {
        var ranges = RowRanges()
        var rows = Set<Int>()
        var row = Int.random(in: 0..<5, using: &generator)
        while row < 100 {
            let end = min(100, row + Int.random(in: 0..<12, using: &generator))
            ranges.append(row..<end)
            rows.formUnion(row..<end)
            row = end + Int.random(in: 0..<9, using: &generator)
        }
        return (ranges, rows)
    }

    @Test func rangesThatTouchBecomeOne() {
        var ranges = RowRanges(3..<5)
        ranges.append(5..<5)
        ranges.append(5..<9)
        ranges.append(8..<12)
        ranges.append(20..<21)
        #expect(ranges.ranges == [3..<12, 20..<21])
        #expect(ranges.rowCount == 10 && !ranges.isEmpty)
        #expect(RowRanges(4..<4).isEmpty && RowRanges().rowCount == 0)
    }

    @Test func setsOfRowsAgree() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<300 {
            let (left, leftRows) = random(&generator)
            let (right, rightRows) = random(&generator)
            let both = left.intersection(right)
            #expect(Set(both.ranges.joined()) == leftRows.intersection(rightRows))
            #expect(left.rowCount == leftRows.count)
            let gap = Int.random(in: 0..<9, using: &generator)
            let spans = left.spanning(gapsUpTo: gap)
            #expect(Set(spans.ranges.joined()).isSuperset(of: leftRows))
            #expect(
                zip(spans.ranges, spans.ranges.dropFirst()).allSatisfy {
                    $1.lowerBound - $0.upperBound > gap
                })
            #expect(
                spans.ranges.allSatisfy {
                    leftRows.contains($0.lowerBound) && leftRows.contains($0.upperBound - 1)
                })
            let start = Int.random(in: 0..<100, using: &generator)
            let asked = start..<Int.random(in: start...100, using: &generator)
            #expect(
                left.overlaps(asked) == !leftRows.isDisjoint(with: asked) || asked.isEmpty)
        }
    }
}
