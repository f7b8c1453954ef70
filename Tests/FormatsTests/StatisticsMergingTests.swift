import StarlingFormats
import StarlingTables
import StarlingTypes
import Testing

@Suite struct StatisticsMergingTests {
    private func merged(
        _ pieces: (rowCount: Int, statistics: ColumnStatistics)...
    ) -> ColumnStatistics {
        ColumnStatistics(merging: pieces)
    }

    private func column(
        _ low: Int128?, _ high: Int128?, nulls: Int? = nil, exact: Bool = false
    ) -> ColumnStatistics {
        var result = ColumnStatistics(
            low: low.map { .integer($0) }, high: high.map { .integer($0) }, nullCount: nulls)
        result.isLowExact = exact
        result.isHighExact = exact
        return result
    }

    @Test func boundsAreTheOutermost() {
        let whole = merged((10, column(3, 9, nulls: 1)), (5, column(-2, 4, nulls: 2)))
        #expect(whole.low == .integer(-2) && whole.high == .integer(9))
        #expect(whole.nullCount == 3)
        #expect(whole.bounds == Bounds(low: -2, high: 9))
    }

    @Test func textsAreOrderedByTheirBytes() {
        let first = ColumnStatistics(low: .text("b"), high: .text("é"))
        let second = ColumnStatistics(low: .text("Z"), high: .text("zzz"))
        let whole = merged((1, first), (1, second))
        #expect(whole.low == .text("Z") && whole.high == .text("é"))
    }

    @Test func whatOneDoesNotKnowIsUnknown() {
        let whole = merged((10, column(3, 9, nulls: 1)), (5, column(nil, 4)))
        #expect(whole.low == nil && whole.high == .integer(9) && whole.nullCount == nil)
        #expect(whole.bounds == nil)
    }

    /// Pieces of NULLs alone bound nothing and make nothing unknown.
    @Test func piecesOfNullsAloneDoNotCount() {
        let whole = merged((10, column(3, 9, nulls: 0)), (5, column(nil, nil, nulls: 5)))
        #expect(whole.low == .integer(3) && whole.high == .integer(9) && whole.nullCount == 5)
        let nulls = merged((5, column(nil, nil, nulls: 5)))
        #expect(nulls.low == nil && nulls.high == nil && nulls.nullCount == 5)
    }

    /// A bound occurs if it occurs in the piece that has it.
    @Test func exactBoundsComeFromTheirPiece() {
        let whole = merged((1, column(1, 5, exact: true)), (1, column(2, 9, exact: false)))
        #expect(whole.isLowExact && !whole.isHighExact)
        let both = merged((1, column(1, 5, exact: false)), (1, column(1, 5, exact: true)))
        #expect(both.isLowExact && both.isHighExact)
        let unknown = merged((1, column(nil, 5)), (1, column(1, 4, exact: true)))
        #expect(unknown.low == nil && !unknown.isLowExact && !unknown.isHighExact)
    }

    @Test func distinctCountsLieBetween() {
        func distinct(_ counts: [Int?]) -> Int? {
            ColumnStatistics(
                merging: counts.map { (10, ColumnStatistics(estimatedDistinctCount: $0)) }
            ).estimatedDistinctCount
        }
        #expect(distinct([7]) == 7)
        #expect(distinct([7, nil]) == nil)
        for counts in [[7, 7], [1, 100], [3, 4, 5]] {
            let merged = distinct(counts) ?? 0
            #expect(merged >= counts.max()! && merged <= counts.reduce(0, +))
        }
    }

    @Test func widthsAreWeighedByRows() {
        let whole = merged(
            (30, ColumnStatistics(estimatedByteWidth: 4)),
            (10, ColumnStatistics(estimatedByteWidth: 8)), (60, ColumnStatistics()))
        #expect(whole.estimatedByteWidth == 5)
        #expect(merged((0, ColumnStatistics(estimatedByteWidth: 4))).estimatedByteWidth == nil)
    }

    @Test func tablesAddUpTheirRows() {
        let first = TableStatistics(rowCount: 3, columns: [column(1, 2), column(5, 6)])
        let second = TableStatistics(rowCount: 4, columns: [column(0, 1), column(7, 7)])
        let estimated = TableStatistics(
            rowCount: 5, isRowCountExact: false, columns: [column(9, 9), column(9, 9)])
        let both = TableStatistics(merging: [first, second])
        #expect(both.rowCount == 7 && both.isRowCountExact && both.columns.count == 2)
        #expect(both.columns[1].low == .integer(5) && both.columns[1].high == .integer(7))
        let all = TableStatistics(merging: [first, second, estimated])
        #expect(all.rowCount == 12 && !all.isRowCountExact)
        #expect(TableStatistics(merging: []).rowCount == 0)
    }
}
