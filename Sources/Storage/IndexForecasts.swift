// What the indexes of a table expect of a condition: a few of its segments are asked, each for what its
// dictionary or its filters say. A snapshot keeps what it was asked, since a query is estimated often while
// it is planned.

import StarlingErrors
import StarlingTables
import StarlingTypes
import Synchronization

/// Keeps what is expected of conditions on a snapshot.
final class IndexForecasts: Sendable {
    private static let keptCountMax = 256
    private static let askedCountMax = 4

    private let known = Mutex<[IndexCondition: IndexForecast?]>([:])

    /// Asks some of the parts; `title` gives what people call a column.
    func forecast(
        of condition: IndexCondition, _ parts: [any TablePart],
        _ probe: (any TablePart) -> IndexProbe?,
        title: (Int) -> String
    ) -> IndexForecast? {
        guard condition.isKnown else { return nil }
        if let found = known.withLock({ $0[condition] }) { return found }
        let forecast = made(condition, parts, probe, title)
        known.withLock { known in
            if known.count < Self.keptCountMax { known[condition] = .some(forecast) }
        }
        return forecast
    }

    /// Takes the parts whose bounds leave it possible for one another's likes; no other one has rows.
    private func made(
        _ condition: IndexCondition, _ parts: [any TablePart],
        _ probe: (any TablePart) -> IndexProbe?, _ title: (Int) -> String
    ) -> IndexForecast? {
        let possible = parts.filter { part in
            condition.mayHold { part.statistics(ofColumn: $0) }
        }
        var (expected, asked) = (0.0, 0)
        var uses: Set<IndexProbe.Expectation.Use> = []
        let step = max(1, possible.count / Self.askedCountMax)
        for place in stride(from: 0, to: possible.count, by: step) {
            // What cannot be read is told where rows are.
            guard let probe = probe(possible[place]),
                let expectation = try? probe.expectation(of: condition)
            else { continue }
            expected += min(expectation.rowCount, Double(probe.rowCount))
            asked += probe.rowCount
            uses.formUnion(expectation.uses)
        }
        guard asked > 0 else { return nil }
        let count = parts.reduce(0) { $0 + $1.rowCount }
        let possibleCount = possible.reduce(0) { $0 + $1.rowCount }
        let titles = uses.map { "\($0.use.title) of \(title($0.column))" }
        return IndexForecast(
            share: max(expected, 0.5) / Double(asked) * Double(possibleCount) / Double(count),
            indexes: titles.sorted())
    }
}

extension IndexCondition {
    /// Tells whether bounds of columns leave it possible that the condition holds.
    fileprivate func mayHold(_ statistics: (Int) -> ColumnStatistics) -> Bool {
        switch self {
        case .values(let column, let values):
            let known = statistics(column)
            return values.contains { known.mayHaveValues(from: $0, to: $0) }
        case .range(let column, let low, let high, _, _):
            return statistics(column).mayHaveValues(from: low, to: high)
        case .all(let parts): return parts.allSatisfy { $0.mayHold(statistics) }
        case .any(let parts): return parts.contains { $0.mayHold(statistics) }
        default: return true
        }
    }
}

extension ColumnStatistics {
    /// Tells whether values between two may be there.
    func mayHaveValues(from first: Value?, to last: Value?) -> Bool {
        guard let low, let high else { return true }
        if let first, high.precedes(first) { return false }
        if let last, last.precedes(low) { return false }
        return true
    }
}
