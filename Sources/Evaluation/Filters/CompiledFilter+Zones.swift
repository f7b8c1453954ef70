// What the statistics of zones say about a filter: which rows of a part are worth reading.
//
// Each conjunct is judged on its own, in the stretches between all borders of its columns' zones,
// since zones of different columns need not agree; what all conjuncts leave over remains.

import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingTypes

extension CompiledFilter {
    /// Returns the rows of a part that may pass; `zones` gives those of a column by its position.
    package func survivors(
        rowCount: Int, zones: (Int) throws(StarlingError) -> [Zone]?
    ) throws(StarlingError) -> RowRanges {
        var rows = RowRanges(0..<rowCount)
        for conjunct in conjuncts where (1...4).contains(conjunct.facts.columns.count) {
            guard conjunct.canBePruned(in: layout) else { continue }
            var known: [ZoneCursor] = []
            for column in conjunct.facts.columns {
                guard let zones = try zones(column), zones.count > 1 else { continue }
                known.append(ZoneCursor(column, zones))
            }
            guard !known.isEmpty else { continue }
            rows = rows.intersection(stretches(conjunct, known, rowCount: rowCount))
            if rows.isEmpty { break }
        }
        return rows
    }

    /// Walks over the borders of the zones, and keeps the stretches where a conjunct can be true.
    private func stretches(
        _ conjunct: FilterConjunct, _ zones: [ZoneCursor], rowCount: Int
    ) -> RowRanges {
        var zones = zones
        var result = RowRanges()
        var row = 0
        while row < rowCount {
            var end = rowCount
            for place in zones.indices {
                zones[place].move(to: row)
                end = min(end, zones[place].end)
            }
            let current = zones
            let count = end - row
            let reasoning = StatisticsReasoning(layout: layout, rowCount: count) { column in
                current.first { $0.column == column }?.statistics(ofRows: count)
                    ?? ColumnStatistics()
            }
            if reasoning.judge(conjunct).canBeTrue { result.append(row..<end) }
            row = max(end, row + 1)
        }
        return result
    }

    /// Lists values of which a column has to have one for a row to pass, where they are few.
    package var requiredValues: [RequiredValues] {
        conjuncts.compactMap { conjunct in
            if let range = conjunct.range {
                guard let width = range.width, width <= RequiredValues.rangeWidthMax,
                    let column = conjunct.expression.columnKeepingValues(in: layout)
                else { return nil }
                let values = (0..<width).map { Value.integer(range.low + Int128($0)) }
                return RequiredValues(column: column, values: values)
            }
            return RequiredValues(of: conjunct.expression, in: layout)
        }
    }
}

extension FilterConjunct {
    /// Tells whether there is something in it that statistics can speak about.
    fileprivate func canBePruned(in layout: ColumnLayout) -> Bool {
        if range != nil { return expression.columnKeepingValues(in: layout) != nil }
        switch expression {
        case .and, .or, .not, .isNull, .comparison, .inList, .like: return true
        default: return false
        }
    }
}

/// Walks through the zones of a column.
private struct ZoneCursor {
    let column: Int
    private let zones: [Zone]
    private var place = 0

    init(_ column: Int, _ zones: [Zone]) {
        self.column = column
        self.zones = zones
    }

    var end: Int { zones[place].rows.upperBound }

    mutating func move(to row: Int) {
        while place + 1 < zones.count, zones[place].rows.upperBound <= row { place += 1 }
    }

    /// The statistics of some rows of the current zone: that some are NULL says nothing of a part.
    func statistics(ofRows count: Int) -> ColumnStatistics {
        let zone = zones[place]
        var result = zone.statistics
        if let nullCount = result.nullCount, nullCount > 0, count < zone.rows.count {
            result.nullCount = nullCount == zone.rows.count ? count : nil
        }
        return result
    }
}
