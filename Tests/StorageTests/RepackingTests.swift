// Rows that go while their segments are packed anew go from the new segments, too.

import StarlingErrors
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct RepackingTests {
    /// A table of segments with these counts of rows, which are numbered through; some are gone.
    private func table(_ counts: [Int], without gone: Set<Int> = []) throws -> NativeTable {
        let table = NativeTable(
            name: "t", columns: [TableColumn(name: "a", type: .bigint, isNullable: false)])
        var segments: [Segment] = []
        var next: Int64 = 0
        for count in counts {
            let values = (0..<count).map { Value.integer(Int128(next + Int64($0))) }
            segments += try table.segments(of: [
                Chunk(columns: [Vector(.int64, values: values)], count: count)
            ]).map { $0.regarded(as: [SegmentPiece(number: UInt64(next) + 1, rowCount: count)])! }
            next += Int64(count)
        }
        return hiding(gone, in: table.having(segments))
    }

    private func hiding(_ gone: Set<Int>, in table: NativeTable) -> NativeTable {
        var numbers = RowNumbers()
        var start = 0
        for (place, segment) in table.segments.enumerated() {
            for row in 0..<segment.rowCount where gone.contains(start + row) {
                numbers.insert(segment: place, row: row)
            }
            start += segment.rowCount
        }
        return table.hiding(numbers)
    }

    private func values(_ table: NativeTable) throws -> [Int64] {
        var values: [Int64] = []
        for segment in table.segments {
            let column = try segment.columns[0].read(0..<segment.rowCount, as: .int64)
            for row in 0..<segment.rowCount where segment.hidden?.contains(row) != true {
                guard case .integer(let value) = column.value(at: row) else { continue }
                values.append(Int64(value))
            }
        }
        return values
    }

    private func packed(_ table: NativeTable, keepsOrder: Bool = true) throws -> RepackedGroup {
        var number: UInt64 = 1_000_000
        let new = try table.packing(table.segments, for: .memory) {
            (segment) throws(StarlingError) in
            number += 1
            let piece = SegmentPiece(number: number, rowCount: segment.rowCount)
            return segment.regarded(as: [piece]) ?? segment
        }
        return RepackedGroup(old: table.segments, new: new, keepsOrder: keepsOrder)
    }

    @Test(arguments: [[], [0, 99, 100, 140, 349]] as [Set<Int>])
    func rowsThatGoMeanwhileAreGone(_ before: Set<Int>) throws {
        let first = try table([100, 50, 200], without: before)
        let group = try packed(first)
        let meanwhile: Set<Int> = [1, 98, 101, 149, 150, 348]
        let (result, groups) = hiding(meanwhile, in: first).repacked([group])
        #expect(groups.count == 1)
        #expect(result.segments.count == 1)
        let gone = before.union(meanwhile)
        #expect(try values(result) == (0..<350).filter { !gone.contains($0) }.map { Int64($0) })
        #expect(groups[0].new[0].hidden?.count == meanwhile.count)
    }

    @Test func whatIsSortedIsDoneAgain() throws {
        let first = try table([100, 50])
        let group = try packed(first, keepsOrder: false)
        #expect(first.repacked([group]).groups.count == 1)
        let (result, groups) = hiding([3], in: first).repacked([group])
        #expect(groups.isEmpty)
        #expect(try values(result).count == 149)
    }

    @Test func rowsThatAreThereAgainAreNoted() throws {
        // What was restored meanwhile is not in the new segments.
        let first = try table([100, 50], without: [7])
        let group = try packed(first)
        let (result, groups) = try table([100, 50]).repacked([group])
        #expect(groups.isEmpty)
        #expect(try values(result).count == 150)
    }

    @Test func segmentsThatAreGoneStayGone() throws {
        let first = try table([100, 50])
        let group = try packed(first)
        let left = first.having([first.segments[0]])
        #expect(left.repacked([group]).groups.isEmpty)
    }

    /// Segments that only got indexes have the same numbers, which would be there twice.
    @Test func segmentsThatKeepTheirNumbersTakeTheirOwnPlaceAlone() throws {
        let first = try table([100])
        let same = first.segments.map { $0.hiding(RowSet()) }
        let group = RepackedGroup(old: first.segments, new: same, keepsOrder: false)
        #expect(first.repacked([group]).groups.count == 1)
        #expect(try table([100, 50]).repacked([group]).groups.count == 1)
        let pieces = try table([100, 50]).segments.flatMap(\.pieces)
        let merged = try table([150]).segments.map { $0.regarded(as: pieces)! }
        let (result, groups) = first.having(merged).repacked([group])
        #expect(groups.isEmpty)
        #expect(try values(result).count == 150)
    }

    @Test func whatAlsoChangedIsNotOnlyRepacked() throws {
        let first = try table([100, 50]).committed(at: 0, keeping: .day)
        let group = try packed(first)
        #expect(first.repacked([group]).table.isOnlyRepacked)
        let smaller = hiding([3], in: first)
        #expect(!smaller.repacked([group]).table.isOnlyRepacked)
    }
}
