import StarlingExecution
import StarlingTables
import StarlingTestSupport
import StarlingVectors
import Testing

struct RowWindowTests {
    /// Rows that are named, within windows of rows that are selected, against sets.
    @Test func windowsKeepTheNamedRows() {
        var chance = SeededGenerator(seed: 21)
        for _ in 0..<300 {
            var named = RowRanges()
            var row = 0
            while row < 200 {
                row += Int.random(in: 0..<9, using: &chance)
                let end = row + Int.random(in: 0..<5, using: &chance)
                named.append(row..<end)
                row = end
            }
            let start = Int.random(in: 0..<150, using: &chance)
            let window = start..<(start + 1 + Int.random(in: 0..<60, using: &chance))
            var expected = window.filter { row in named.ranges.contains { $0.contains(row) } }
            var selection: Selection?
            if Int.random(in: 0..<2, using: &chance) == 0 {
                let kept = window.filter { _ in Int.random(in: 0..<3, using: &chance) > 0 }
                expected = expected.filter(kept.contains)
                var some = Selection()
                for row in kept {
                    some.rows[some.count] = UInt16(row - start)
                    some.count += 1
                }
                selection = some
            }
            let narrowed = named.narrow(selection, in: window)
            let found = (0..<narrowed.count).map { Int(narrowed.rows[$0]) + start }
            #expect(found == expected)
        }
    }
}
