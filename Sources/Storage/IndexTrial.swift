// An index that is made of a sample of a table's rows, to learn how large it would be and what it would
// leave of the rows that queries read now.

import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a sample of a table's rows: runs that share statistics.
package struct IndexSample {
    private static let runCountMax = 128

    private let table: NativeTable
    private let positions: [UInt32: Int]
    private let runs: [(segment: Segment, rows: Range<Int>)]
    package let rowCount: Int

    package init(_ table: NativeTable) {
        self.table = table
        positions = Dictionary(
            table.identities.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { $1 })
        runs = table.sampledRuns(count: Self.runCountMax)
        rowCount = runs.reduce(0) { $0 + $1.rows.count }
    }

    /// The place of a target's column in the table, and the type of what is there: of a path that of
    /// the columns that segments have for it; nil where there are none.
    package func type(of target: RecordedTarget) -> (position: Int, type: LogicalType)? {
        guard let position = positions[target.column] else { return nil }
        if target.keys.isEmpty { return (position, table.columns[position].type) }
        for (segment, _) in runs {
            guard let shredded = segment.columns[position].shredded,
                let place = shredded.place(of: target.keys)
            else { continue }
            return (position, shredded.paths[place].type.logicalType)
        }
        return nil
    }

    /// The sampled rows that statistics let a filter read.
    package func rowsRead(by filter: RecordedFilter) throws(StarlingError) -> RowRanges {
        var result = RowRanges()
        var start = 0
        for (segment, rows) in runs {
            var isRead = true
            for condition in filter.conditions where isRead && condition.hasBounds {
                guard let column = column(of: condition.target, in: segment),
                    let zones = try column.zones(rowCount: segment.rowCount)
                else { continue }
                isRead = zones.contains { zone in
                    zone.rows.overlaps(rows) && condition.mayHold(in: zone.statistics)
                }
            }
            if isRead { result.append(start..<(start + rows.count)) }
            start += rows.count
        }
        return result
    }

    /// Makes an index of the sampled rows; nil where it can be none.
    package func trial(
        _ kind: IndexKind, of target: RecordedTarget
    ) throws(StarlingError) -> IndexTrial? {
        guard let (_, type) = type(of: target) else { return nil }
        var pieces: [IndexedPiece] = []
        for (segment, rows) in runs {
            let values = values(of: target, in: segment).flatMap { values in
                // Values of segments that disagree have no order in common.
                values.canHave(kind) && (kind != .values || values.type == type) ? values : nil
            }
            pieces.append(IndexedPiece(values: values, rows: rows))
        }
        guard pieces.contains(where: { $0.values != nil }) else { return nil }
        return IndexTrial(
            try ColumnIndex.make(kind, .path, of: pieces, nil), rowCount: rowCount,
            holdsTexts: kind == .values ? type.holdsTexts : true)
    }

    /// What an index of a target is made of in a segment; nil where there is nothing.
    private func values(of target: RecordedTarget, in segment: Segment) -> IndexedValues? {
        guard let position = positions[target.column] else { return nil }
        let column = segment.columns[position]
        if target.keys.isEmpty { return IndexedValues(column, table.columns[position].type) }
        guard let shredded = column.shredded, let place = shredded.place(of: target.keys) else {
            return nil
        }
        return IndexedValues(at: place, of: column, shredded)
    }

    private func column(of target: RecordedTarget, in segment: Segment) -> SegmentColumn? {
        guard let position = positions[target.column] else { return nil }
        let column = segment.columns[position]
        if target.keys.isEmpty { return column }
        return column.shredded.flatMap { shredded in
            shredded.place(of: target.keys).map { shredded.columns[$0] }
        }
    }
}

/// Is an index of sampled rows.
package struct IndexTrial {
    private let index: ColumnIndex
    private let rowCount: Int
    private let holdsTexts: Bool

    init(_ index: ColumnIndex, rowCount: Int, holdsTexts: Bool) {
        self.index = index
        self.rowCount = rowCount
        self.holdsTexts = holdsTexts
    }

    package var byteCount: Int { index.byteCount }

    /// Counts the rows that are left of some where the index is asked for a condition; nil where it
    /// does not know.
    package func countLeft(
        of rows: RowRanges, by condition: RecordedCondition
    ) throws(StarlingError) -> Int? {
        // The strings of a path may be stored as what they are not compared as.
        guard condition.search == nil || holdsTexts,
            condition.constants.allSatisfy({ ($0.text != nil) == holdsTexts })
        else { return nil }
        let probe = IndexProbe(rowCount: rowCount, ranges: RowRanges(0..<rowCount)) { _ in [index] }
        guard let answer = try probe.answer(condition.asked) else { return nil }
        var left = answer.rows[...]
        return rows.ranges.reduce(0) { count, range in
            left = left.drop { Int($0) < range.lowerBound }
            let inside = left.prefix { Int($0) < range.upperBound }
            return count + inside.count
        }
    }
}

extension RecordedCondition {
    /// Tells whether values within bounds may be among those that it lets pass.
    fileprivate func mayHold(in statistics: ColumnStatistics) -> Bool {
        values.isEmpty
            ? statistics.mayHaveValues(from: low, to: high)
            : values.contains { statistics.mayHaveValues(from: $0, to: $0) }
    }

    /// What values are compared with.
    fileprivate var constants: [Value] { values + [low, high].compactMap { $0 } }

    /// The condition as an index of one column is asked.
    fileprivate var asked: IndexCondition {
        switch (kind, search) {
        case (.terms, let search?):
            .match(
                column: 0, function: search.function, query: search.text,
                analyzer: search.analyzer)
        case (.pattern, let search?):
            .like(column: 0, pattern: search.text, escape: RecordedSearch.escape)
        case (.elements, _): .hasElements(column: 0, values, areAllNeeded: false)
        case (.list, _): .values(column: 0, values)
        case (.equality, _): .values(column: 0, low.map { [$0] } ?? [])
        default:
            .range(column: 0, low: low, high: high, includesLow: true, includesHigh: true)
        }
    }
}
