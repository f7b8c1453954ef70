// Sets of rows against a set of numbers.

import StarlingTables
import StarlingTestSupport
import StarlingVectors
import Testing

@Suite struct RowSetTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func isASet(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var set = RowSet()
        var known: Set<Int> = []
        let end = Int.random(in: 1...3_000, using: &generator)
        for _ in 0..<Int.random(in: 0...end, using: &generator) {
            let row = Int.random(in: 0..<end, using: &generator)
            #expect(set.insert(row) == known.insert(row).inserted)
        }
        #expect(set.count == known.count)
        #expect(set.rows == known.sorted())
        #expect(set.end == (known.max().map { $0 + 1 } ?? 0))
        #expect(set.ranges.flatMap { Array($0) } == known.sorted())
        for row in 0..<end { #expect(set.contains(row) == known.contains(row)) }
        let start = Int.random(in: 0..<end, using: &generator)
        let window = start..<min(end, start + chunkCapacity)
        #expect(
            set.part(window).rows == known.filter(window.contains).map { $0 - start }.sorted())
        let others = window.filter { !known.contains($0) }.map { $0 - start }
        let selected = set.others(in: window)
        #expect(selected.map { $0.count } ?? window.count == others.count)
        for place in 0..<(selected?.count ?? 0) {
            #expect(Int(selected!.rows[place]) == others[place])
        }
        #expect(set.part(end + 100..<end + 200).isEmpty)
        #expect(set.count(in: window) == known.count(where: window.contains))
        #expect(set.rows(notIn: RowSet(window)) == known.filter { !window.contains($0) }.sorted())
        #expect(RowSet(window).rows == Array(window))
        #expect(RowSet(known.shuffled()) == set)
        // Taking rows away leaves the others.
        var fewer = set
        for row in window { fewer.remove(row) }
        #expect(fewer.rows == known.filter { !window.contains($0) }.sorted())
        #expect(fewer == RowSet(known.filter { !window.contains($0) }))
        #expect(fewer.count == fewer.rows.count && fewer.end == (fewer.rows.last ?? -1) + 1)
        // What comes behind other rows begins anywhere.
        for offset in [0, 64, 1, 131] {
            var union = RowSet([5, 64, 200])
            union.formUnion(set, from: offset)
            let all = Set([5, 64, 200] + known.map { $0 + offset })
            #expect(union.rows == all.sorted())
            #expect(union.count == all.count)
        }
    }
}
