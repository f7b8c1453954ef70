// A part of a table as a scan sees it: which of its rows the scan's own conditions may let pass. It
// is found out when the first morsel of the part is taken, once for all of its morsels.

import StarlingErrors
import StarlingEvaluation
import StarlingTables
import StarlingTypes
import Synchronization

/// Holds a part and what became known of it.
final class ScanPart: Sendable {
    let part: any TablePart
    /// False where the statistics say that the conditions hold for every row.
    let needsFilter: Bool
    private let known = Mutex<Survivors?>(nil)
    /// So many rows between two that are wanted cost less than a window of their own.
    private static let gapMax = 32

    /// The rows that may pass, and what excluded the others.
    struct Survivors: Sendable {
        var rows: RowRanges
        var reason: PruningReason?
        /// The rows that zones have left over, among which are those that indexes have.
        var zoned: RowRanges?
        /// What indexes say of the rows; nil where none was asked.
        var indexed: IndexedRows?
    }

    init(_ part: any TablePart, match: PartMatch) {
        self.part = part
        needsFilter = match != .allRows || !part.isCounted
    }

    /// Asks filters and keys of values, then the statistics of zones, then indexes for the rows that are
    /// left. `columns` gives the column of the table for each position that the filter knows; `narrow`
    /// takes rows away that nothing further on wants.
    func survivors(
        _ filter: CompiledFilter?, _ required: [RequiredValues], _ conditions: [IndexCondition],
        columns: [ReadColumn], context: ScanContext,
        narrow: (RowRanges) throws(StarlingError) -> RowRanges
    ) throws(StarlingError) -> Survivors {
        let all = Survivors(rows: RowRanges(0..<part.rowCount))
        guard let filter, needsFilter else { return all }
        if let survivors = known.withLock({ $0 }) { return survivors }
        var result = all
        for wanted in required {
            if try part.lacks(wanted.values, in: columns[wanted.column], context: context) {
                result = Survivors(rows: RowRanges(), reason: .bloomFilter)
                break
            }
        }
        let areWhole = required.allSatisfy { columns[$0.column].path.isEmpty }
        if !required.isEmpty, areWhole, !result.rows.isEmpty,
            let rows = try self.rows(
                having: required.map { (columns[$0.column].column, $0.values) }, context)
        {
            result = Survivors(rows: rows, reason: .keyIndex)
            known.withLock { $0 = result }
            return result
        }
        if !result.rows.isEmpty {
            let rows = try filter.survivors(rowCount: part.rowCount) {
                (position) throws(StarlingError) in
                try part.zones(of: columns[position], context: context)
            }
            if rows.rowCount < part.rowCount {
                result.rows = result.rows.intersection(rows)
                result.reason = .pageIndex
            }
            result.zoned = result.rows
        }
        let narrowed = try narrow(result.rows)
        if !narrowed.isEmpty,
            let indexed = try IndexedRows(
                of: part, passing: conditions, within: narrowed, context)
        {
            result.rows = indexed.ranges.intersection(narrowed)
            result.reason = indexed.reason
            result.indexed = indexed
        }
        known.withLock { $0 = result }
        return result
    }

    /// Lists the rows that an index gives for values.
    func rows(
        having values: [(column: Int, values: [Value])], _ context: ScanContext
    ) throws(StarlingError) -> RowRanges? {
        guard let rows = try part.rows(having: values, context: context) else { return nil }
        var ranges = RowRanges()
        var last: Range<Int>?
        for row in rows {
            if let before = last, row - before.upperBound <= Self.gapMax {
                last = before.lowerBound..<(row + 1)
            } else {
                if let last { ranges.append(last) }
                last = row..<(row + 1)
            }
        }
        if let last { ranges.append(last) }
        return ranges
    }

    /// Narrows rows by the zones of a column that a runtime filter is about.
    func survivors(
        of rows: RowRanges, _ filter: any RuntimeFilter, column: ReadColumn, context: ScanContext
    ) throws(StarlingError) -> RowRanges {
        guard let zones = try part.zones(of: column, context: context), zones.count > 1 else {
            return rows
        }
        var matching = RowRanges()
        for zone in zones where filter.mayMatch(zone.statistics, rowCount: zone.rows.count) {
            matching.append(zone.rows)
        }
        return rows.intersection(matching)
    }
}
