// By what a table is best sorted, going by the filters of its queries.
//
// 1. Some runs of 1,024 rows are read: how many of them a filter's conditions do not exclude is what
//    queries read now.
// 2. The same rows are a sample of the table. Each order that comes into question is tried on it: the
//    rows are sorted, cut into stretches, and the stretches counted that filters do not exclude.
// 3. A filter counts as often as it came. The order with the fewest rows is the best; where two are
//    nearly the same, the simpler one.
//
// A stretch of the sample stands for more rows than a run has, so savings tend to be larger than said.

import StarlingErrors
import StarlingFunctions
import StarlingStorage
import StarlingTypes
import StarlingVectors

/// Compares orders of a table by what its recorded filters would read.
struct ClusteringAdvisor {
    /// Is an order, and the share of the rows that filters read with it.
    struct Candidate {
        /// Places among the columns that filters name; empty for the rows as they lie.
        var columns: [Int]
        var curve: ClusteringCurve.Kind?
        var share: Double
    }

    private static let runCountMax = 128
    private static let columnCountMax = 5
    private static let stretchRowCountMin = 8
    private static let runRowCount = 1_024

    /// The columns that filters name, as places in the table, the most asked for first.
    let columns: [Int]
    /// Each filter with its weight; the weights are 1 together.
    let filters: [(filter: RecordedFilter, weight: Double)]
    private let table: NativeTable

    /// Reads what was recorded of a table; nil where no filter tells anything.
    init?(_ table: NativeTable) {
        self.table = table
        let positions = Dictionary(
            table.identities.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { $1 })
        var filters: [(filter: RecordedFilter, weight: Double)] = []
        var weights: [Int: Double] = [:]
        for usage in table.filters.usages {
            for example in usage.examples {
                let known = example.conditions.filter { condition in
                    condition.hasBounds && condition.target.keys.isEmpty
                        && positions[condition.target.column].map {
                            table.columns[$0].type.canBeSortedBy
                        } ?? false
                }
                guard let filter = RecordedFilter(known) else { continue }
                let weight = usage.count / Double(usage.examples.count)
                filters.append((filter, weight))
                for condition in filter.conditions {
                    weights[positions[condition.target.column]!, default: 0] += weight
                }
            }
        }
        let total = filters.reduce(0) { $0 + $1.weight }
        guard total > 0, table.statistics.rowCount > 0 else { return nil }
        self.filters = filters.map { ($0.filter, $0.weight / total) }
        columns = Array(
            weights.sorted { ($0.value, -$0.key) > ($1.value, -$1.key) }
                .prefix(Self.columnCountMax).map(\.key))
    }

    // MARK: Candidates

    /// Tries the orders that come into question: the first is the rows as they lie, the others come
    /// with the best before.
    func candidates() throws(StarlingError) -> [Candidate] {
        let runs = try table.sampledRuns(ofColumns: columns, count: Self.runCountMax)
        let sample = ClusteringSample(
            runs, filters: filters,
            columns: columns.map {
                table.identities[$0].number
            })
        let now = Candidate(columns: [], curve: nil, share: sample.shareOfRuns())
        let stretch = max(
            Self.stretchRowCountMin,
            sample.rowCount * Self.runRowCount / max(1, table.statistics.rowCount))
        var tried: [Candidate] = []
        for (places, curve) in orders() {
            let share = try sample.share(
                sortedBy: places, curve, stretchRowCount: min(stretch, Self.runRowCount))
            tried.append(Candidate(columns: places, curve: curve, share: share))
        }
        return [now] + tried.sorted { ($0.cost, $0.columns.count) < ($1.cost, $1.columns.count) }
    }

    private func orders() -> [(columns: [Int], curve: ClusteringCurve.Kind?)] {
        var orders: [(columns: [Int], curve: ClusteringCurve.Kind?)] = []
        for place in columns.indices { orders.append(([place], nil)) }
        let leading = columns.indices.prefix(3)
        for first in leading {
            for second in leading where second != first { orders.append(([first, second], nil)) }
        }
        for count in columns.indices.dropFirst().map({ $0 + 1 }) {
            let places = Array(0..<count)
            orders.append((places, .zorder))
            orders.append((places, .hilbert))
        }
        return orders
    }
}

extension ClusteringAdvisor.Candidate {
    /// Is the share, and a little for what is harder to understand.
    fileprivate var cost: Double {
        share * (curve == nil ? 1 : 1.05) * (1 + 0.01 * Double(columns.count))
    }
}
