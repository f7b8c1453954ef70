// What the indexes of a table expect of a condition: a few of its segments are asked, each for what its
// dictionary or its filters say. A snapshot keeps what it was asked, since a query is estimated often while
// it is planned.

import StarlingAnalyzers
import StarlingErrors
import StarlingIndexes
import StarlingKernels
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
        var (expected, asked) = (0.0, 0)
        var uses: Set<IndexProbe.Expectation.Use> = []
        let step = max(1, parts.count / Self.askedCountMax)
        for place in stride(from: 0, to: parts.count, by: step) {
            // What cannot be read is told where rows are.
            guard let probe = probe(parts[place]),
                let expectation = try? probe.expectation(of: condition)
            else { continue }
            expected += min(expectation.rowCount, Double(probe.rowCount))
            asked += probe.rowCount
            uses.formUnion(expectation.uses)
        }
        var forecast: IndexForecast?
        if asked > 0 {
            let titles = uses.map { "\($0.use.title) of \(title($0.column))" }
            forecast = IndexForecast(
                share: max(expected, 0.5) / Double(asked), indexes: titles.sorted())
        }
        known.withLock { known in
            if known.count < Self.keptCountMax { known[condition] = .some(forecast) }
        }
        return forecast
    }
}

extension IndexProbe {
    /// Is what a segment's indexes expect.
    struct Expectation {
        struct Use: Hashable {
            var column: Int
            var use: IndexUse
        }

        var rowCount: Double
        /// The indexes that are asked for the rows.
        var uses: Set<Use>
    }

    /// The share of rows that have a text of which all runs of characters may be there.
    private static let shareWithRuns = 0.05

    /// Expects so many rows for which a condition is true; nil where no index knows.
    func expectation(of condition: IndexCondition) throws(StarlingError) -> Expectation? {
        switch condition {
        case .unknown, .not, .isNull, .range: return nil
        case .someElement(let inner): return try expectation(of: inner)
        case .all(let parts):
            var least: Expectation?
            for part in parts {
                guard let own = try expectation(of: part) else { continue }
                let uses = own.uses.union(least?.uses ?? [])
                least = Expectation(
                    rowCount: min(own.rowCount, least?.rowCount ?? .infinity), uses: uses)
            }
            return least
        case .any(let parts):
            var sum = Expectation(rowCount: 0, uses: [])
            for part in parts {
                guard let own = try expectation(of: part) else { return nil }
                sum.rowCount += own.rowCount
                sum.uses.formUnion(own.uses)
            }
            return sum
        case .match(let column, let function, let query, let description):
            return try terms(of: column, function, query, description)
        case .like(let column, let pattern, let escape):
            return try like(column, LikePattern(pattern, escape: escape))
        case .sharesRuns(let column, let text, let size, _):
            return try runs(of: column) { $0.size == size ? $0.rows(sharingRunsWith: text) : nil }
        case .values(let column, let values):
            return try self.values(values, of: column, areAllNeeded: false)
        case .hasElements(let column, let values, let areAllNeeded):
            return try self.values(values, of: column, areAllNeeded: areAllNeeded)
        }
    }

    private func all(_ column: Int) -> [ColumnIndex] { indexes(column) + candidates(column) }

    private func terms(
        of column: Int, _ function: String, _ query: [UInt8], _ description: String
    ) throws(StarlingError) -> Expectation? {
        let index = all(column).first {
            guard case .terms(description, _) = $0.kind else { return false }
            return true
        }
        guard let index, let operation = MatchOperator(rawValue: function),
            let analyzer = Analyzer(description)
        else { return nil }
        let sought = try TextQuery(operation, query, analyzer)
        guard let count = try index.terms().expectedRowCount(of: sought) else { return nil }
        return Expectation(rowCount: count, uses: [.init(column: column, use: .terms)])
    }

    private func like(
        _ column: Int, _ pattern: LikePattern
    ) throws(StarlingError) -> Expectation? {
        for index in all(column) where !pattern.prefix.isEmpty {
            let use: IndexUse
            switch index.kind {
            case .values: use = .values
            case .terms("none", _): use = .terms
            default: continue
            }
            let count = try index.terms().expectedRowCount(beginningWith: pattern.prefix) {
                pattern.matches($0)
            }
            if let count { return expectation(count, column, use) }
        }
        return try runs(of: column) { $0.rows(containing: pattern.literalRuns) }
    }

    private func values(
        _ values: [Value], of column: Int, areAllNeeded: Bool
    ) throws(StarlingError) -> Expectation? {
        let keys = values.prefix(RecordedCondition.valueCountMax).compactMap(IndexedValue.bytes)
        guard keys.count == values.count, !keys.isEmpty else { return nil }
        guard let index = all(column).first(where: { $0.kind == .values }) else {
            let areTexts = values.allSatisfy { if case .bytes = $0 { true } else { false } }
            guard areTexts, areAllNeeded || keys.count == 1 else { return nil }
            return try runs(of: column) { $0.rows(containing: keys) }
        }
        let terms = try index.terms()
        var count = try terms.expectedRowCount(having: keys)
        if areAllNeeded {
            for key in keys { count = min(count, try terms.expectedRowCount(having: [key])) }
        }
        return expectation(count, column, .values)
    }

    /// Values that many rows have are not looked up.
    private func expectation(_ count: Double, _ column: Int, _ use: IndexUse) -> Expectation {
        let isUsed = count * Double(Self.rowsPerValueMin) <= Double(rowCount)
        return Expectation(rowCount: count, uses: isUsed ? [.init(column: column, use: use)] : [])
    }

    private func runs(
        of column: Int, _ find: (GramIndex) -> RowRanges?
    ) throws(StarlingError) -> Expectation? {
        for index in all(column) {
            guard case .grams = index.kind, let rows = find(try index.grams()) else { continue }
            let count = Double(rows.rowCount)
            let isUsed = rows.rowCount * 10 <= rowCount * 8
            return Expectation(
                rowCount: count * Self.shareWithRuns,
                uses: isUsed ? [.init(column: column, use: .grams)] : [])
        }
        return nil
    }
}
