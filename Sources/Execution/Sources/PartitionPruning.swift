// Leaves out whole partitions of a table before their parts are looked at: those of which the key, or
// the statistics of all parts together, say that no row satisfies the conditions.

import StarlingErrors
import StarlingEvaluation
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes

/// Says which partitions a scan reads.
package struct PartitionPruning {
    /// How many there are; 0 where the table has none.
    package let count: Int
    package let keptCount: Int
    /// Where the parts stand that may have rows; nil for all.
    let kept: [Range<Int>]?

    /// `columns` gives the column of the table for each position that the filter knows.
    init(_ table: any Table, _ filter: CompiledFilter?, columns: [ReadColumn]) {
        let groups = table.partGroups
        count = groups.count
        guard let filter, !groups.isEmpty else {
            kept = nil
            keptCount = groups.count
            return
        }
        let parts = table.parts
        let positions = columns.map(\.column)
        let matching = groups.filter { group in
            Self.mayMatch(group, filter) { position in
                Self.merged(group, parts, column: positions[position])
            } column: {
                positions[$0]
            }
        }
        keptCount = matching.count
        kept = matching.count == groups.count ? nil : matching.map(\.parts)
    }

    private static func mayMatch(
        _ group: PartGroup, _ filter: CompiledFilter,
        statistics: @escaping (Int) -> ColumnStatistics, column: @escaping (Int) -> Int
    ) -> Bool {
        guard group.rowCount > 0 else { return false }
        let kinds = group.kinds.isEmpty ? [[:]] : group.kinds
        return kinds.contains { known in
            let match = filter.match(rowCount: group.rowCount) { position in
                guard let known = known[column(position)] else { return statistics(position) }
                // Numbers are often narrower in the parts than the key says.
                guard known.low != known.high || known.low == nil else { return known }
                var both = statistics(position)
                both.low = both.low ?? known.low
                both.high = both.high ?? known.high
                both.nullCount = both.nullCount ?? known.nullCount
                return both
            }
            return match != .noRow
        }
    }

    /// What the parts of a group say of a column together.
    private static func merged(
        _ group: PartGroup, _ parts: [any TablePart], column: Int
    ) -> ColumnStatistics {
        var result = ColumnStatistics()
        var count = 0
        for place in group.parts where parts[place].rowCount > 0 {
            let own = parts[place].statistics(ofColumn: column)
            result = result.union(own, counts: (count, parts[place].rowCount))
            count += parts[place].rowCount
        }
        return result
    }

    /// Returns the parts that may have rows.
    func parts(of table: any Table) -> [any TablePart] {
        let parts = table.parts
        guard let kept else { return parts }
        return kept.sorted { $0.lowerBound < $1.lowerBound }.flatMap { parts[$0] }
    }

    /// Says what EXPLAIN shows; nil for tables without partitions.
    package var text: String? { count > 0 ? "partitions=\(keptCount)/\(count)" : nil }
}

extension PartitionPruning {
    /// Finds out what a scan of a plan would read.
    package init(_ node: ScanNode, _ session: SessionValues) throws(StarlingError) {
        let layout = ColumnLayout(
            node.columns.map { scanned in
                PhysicalColumn(
                    column: scanned.column, physicalType: scanned.column.type.widestPhysicalType,
                    bounds: scanned.column.type.bounds)
            })
        let filter =
            node.conjuncts.isEmpty
            ? nil : try CompiledFilter(node.conjuncts, layout: layout, session: session)
        self.init(
            node.table, filter,
            columns: node.columns.map {
                ReadColumn(
                    column: $0.position, physicalType: $0.column.type.widestPhysicalType,
                    path: $0.path)
            })
    }
}
