// What statistics of a part say about a filter: none of its rows pass, all do, or one has to look.

import StarlingKernels
import StarlingPlans
import StarlingTables
import StarlingTypes

/// Answers whether rows of a part can pass a filter.
package enum PartMatch: Sendable {
    case noRow
    case someRows
    case allRows
}

extension CompiledFilter {
    /// Judges a part from the statistics of its columns, given by their position in the layout.
    package func match(
        rowCount: Int, statistics: @escaping (Int) -> ColumnStatistics
    ) -> PartMatch {
        let reasoning = StatisticsReasoning(
            layout: layout, rowCount: rowCount, statistics: statistics)
        var result = PartMatch.allRows
        for conjunct in conjuncts {
            let outcome = reasoning.judge(conjunct)
            if !outcome.canBeTrue { return .noRow }
            if outcome.canBeFalse || outcome.canBeNull { result = .someRows }
        }
        return result
    }
}
