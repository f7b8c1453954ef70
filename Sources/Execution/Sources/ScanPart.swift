// A part of a table as a scan sees it: which of its rows the scan's own conditions may let pass. It
// is found out when the first morsel of the part is taken, once for all of its morsels.

import StarlingErrors
import StarlingEvaluation
import StarlingTables
import Synchronization

/// Holds a part and what became known of it.
final class ScanPart: Sendable {
    let part: any TablePart
    /// False where the statistics say that the conditions hold for every row.
    let needsFilter: Bool
    private let known = Mutex<Survivors?>(nil)

    /// The rows that may pass, and what excluded the others.
    struct Survivors: Sendable {
        var rows: RowRanges
        var reason: PruningReason?
    }

    init(_ part: any TablePart, match: PartMatch) {
        self.part = part
        needsFilter = match != .allRows || !part.isCounted
    }

    /// Asks indexes over values, then the statistics of zones. `columns` gives the column of the
    /// table for each position that the filter knows.
    func survivors(
        _ filter: CompiledFilter?, _ required: [RequiredValues], columns: [ReadColumn],
        context: ScanContext
    ) throws(StarlingError) -> Survivors {
        let all = Survivors(rows: RowRanges(0..<part.rowCount))
        guard let filter, needsFilter else { return all }
        if let survivors = known.withLock({ $0 }) { return survivors }
        var result = all
        for wanted in required {
            let column = columns[wanted.column].column
            if try part.lacks(wanted.values, inColumn: column, context: context) {
                result = Survivors(rows: RowRanges(), reason: .bloomFilter)
                break
            }
        }
        if !result.rows.isEmpty {
            let rows = try filter.survivors(rowCount: part.rowCount) {
                (position) throws(StarlingError) in
                try part.zones(ofColumn: columns[position].column, context: context)
            }
            if rows.rowCount < part.rowCount {
                result = Survivors(rows: rows, reason: .pageIndex)
            }
        }
        known.withLock { $0 = result }
        return result
    }

    /// Narrows rows by the zones of a column that a runtime filter is about.
    func survivors(
        of rows: RowRanges, _ filter: any RuntimeFilter, column: Int, context: ScanContext
    ) throws(StarlingError) -> RowRanges {
        guard let zones = try part.zones(ofColumn: column, context: context), zones.count > 1 else {
            return rows
        }
        var matching = RowRanges()
        for zone in zones where filter.mayMatch(zone.statistics, rowCount: zone.rows.count) {
            matching.append(zone.rows)
        }
        return rows.intersection(matching)
    }
}
