// How many rows the indexes of a segment expect for a condition, without reading which these are: of terms
// and values the dictionary says it, and of runs of characters the filters.

import StarlingAnalyzers
import StarlingErrors
import StarlingIndexes
import StarlingKernels
import StarlingTables
import StarlingTypes

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

    /// Is what one index expects.
    private struct Expected {
        var rowCount: Double
        /// Counts the rows for which the condition is neither true nor false; nil where it is not known
        /// for which of the others it is false.
        var nullCount: Int?
        var use: Expectation.Use
        /// Tells whether it is asked for the rows, and for those for which the condition is false.
        var isAsked = true
        var isAskedForOthers = true
    }

    /// The share of rows that have a text of which all runs of characters may be there.
    private static let shareWithRuns = 0.05

    /// Expects so many rows for which a condition is true, or false; nil where no index knows.
    func expectation(
        of condition: IndexCondition, _ isWanted: Bool = true
    ) throws(StarlingError) -> Expectation? {
        switch condition {
        case .unknown: return nil
        case .not(let inner): return try expectation(of: inner, !isWanted)
        case .someElement(let inner): return isWanted ? try expectation(of: inner) : nil
        case .all(let parts):
            return try isWanted
                ? least(of: IndexCondition.joiningRanges(parts), true) : sum(of: parts, false)
        case .any(let parts): return try isWanted ? sum(of: parts, true) : least(of: parts, false)
        default:
            guard let found = try expected(condition) else { return nil }
            if isWanted {
                return Expectation(
                    rowCount: found.rowCount, uses: found.isAsked ? [found.use] : [])
            }
            guard let nullCount = found.nullCount else { return nil }
            return Expectation(
                rowCount: max(0, Double(rowCount - nullCount) - found.rowCount),
                uses: found.isAskedForOthers ? [found.use] : [])
        }
    }

    private func least(
        of parts: [IndexCondition], _ isWanted: Bool
    ) throws(StarlingError) -> Expectation? {
        var least: Expectation?
        for part in parts {
            guard let own = try expectation(of: part, isWanted) else { continue }
            let uses = own.uses.union(least?.uses ?? [])
            least = Expectation(
                rowCount: min(own.rowCount, least?.rowCount ?? .infinity), uses: uses)
        }
        return least
    }

    private func sum(
        of parts: [IndexCondition], _ isWanted: Bool
    ) throws(StarlingError) -> Expectation? {
        var sum = Expectation(rowCount: 0, uses: [])
        for part in parts {
            guard let own = try expectation(of: part, isWanted) else { return nil }
            sum.rowCount += own.rowCount
            sum.uses.formUnion(own.uses)
        }
        return sum
    }

    // MARK: Asking

    private func all(_ column: Int) -> [ColumnIndex] { indexes(column) + candidates(column) }

    private func expected(_ condition: IndexCondition) throws(StarlingError) -> Expected? {
        switch condition {
        case .match(let column, let function, let query, let analyzer):
            guard
                let sought = try search(column, function, query, analyzer, among: all(column)),
                let count = try sought.terms.expectedRowCount(of: sought.query)
            else { return nil }
            return Expected(
                rowCount: count, nullCount: sought.terms.nulls.count,
                use: .init(column: column, use: .terms))
        case .like(let column, let pattern, let escape):
            return try like(column, LikePattern(pattern, escape: escape))
        case .sharesRuns(let column, let text, let size, _):
            return try runs(of: column) { $0.size == size ? $0.rows(sharingRunsWith: text) : nil }
        case .values(let column, let values):
            var found = try self.values(values, of: column, areAllNeeded: false)
            if let known = found, let nullCount = known.nullCount {
                let otherCount = Double(rowCount - nullCount) - known.rowCount
                let termCount = try all(column).ofValues?.terms().termCount ?? 0
                found?.isAskedForOthers = limit(ofValuesLike: values).allows(
                    rowCount: Int(otherCount), termCount: termCount - Set(values).count)
            }
            return found
        case .hasElements(let column, let values, let areAllNeeded):
            return try self.values(values, of: column, areAllNeeded: areAllNeeded)
        case .range(let column, let low, let high, let includesLow, let includesHigh):
            guard let index = all(column).ofValues, let ends = Self.ends(low, high) else {
                return nil
            }
            let terms = try index.terms()
            let count = try terms.expectedRowCount(
                from: ends.first, to: ends.last, isLowIncluded: includesLow,
                isHighIncluded: includesHigh)
            let limit = limit(ofValuesLike: [low, high].compactMap(\.self))
            var found = expected(count, column, .values, terms)
            found.isAsked = limit.allows(
                rowCount: Int(count), termCount: terms.termCount(from: ends.first, to: ends.last))
            found.isAskedForOthers = false
            return found
        case .isNull(let column):
            guard let index = all(column).ofValues else { return nil }
            let terms = try index.terms()
            var found = expected(Double(terms.nulls.count), column, .values, terms)
            found.nullCount = 0
            found.isAskedForOthers = false
            return found
        default: return nil
        }
    }

    private func like(
        _ column: Int, _ pattern: LikePattern
    ) throws(StarlingError) -> Expected? {
        for index in all(column) where !pattern.prefix.isEmpty {
            let use: IndexUse
            switch index.kind {
            case .values: use = .values
            case .terms("none", _): use = .terms
            default: continue
            }
            let terms = try index.terms()
            let count = try terms.expectedRowCount(beginningWith: pattern.prefix) {
                pattern.matches($0)
            }
            if let count { return expected(count, column, use, terms) }
        }
        return try runs(of: column) { $0.rows(containing: pattern.literalRuns) }
    }

    private func values(
        _ values: [Value], of column: Int, areAllNeeded: Bool
    ) throws(StarlingError) -> Expected? {
        let keys = values.prefix(RecordedCondition.valueCountMax).compactMap(IndexedValue.bytes)
        guard keys.count == values.count, !keys.isEmpty else { return nil }
        guard let index = all(column).ofValues else {
            let areTexts = values.allSatisfy { if case .bytes = $0 { true } else { false } }
            guard areTexts, areAllNeeded || keys.count == 1 else { return nil }
            return try runs(of: column) { $0.rows(containing: keys) }
        }
        let terms = try index.terms()
        var count = try terms.expectedRowCount(having: keys)
        if areAllNeeded {
            for key in keys { count = min(count, try terms.expectedRowCount(having: [key])) }
        }
        var found = expected(count, column, .values, terms)
        found.isAsked =
            found.isAsked
            && Set(values).count <= limit(ofValuesLike: values).listCount
        return found
    }

    /// Values that many rows have are not looked up.
    private func expected(
        _ count: Double, _ column: Int, _ use: IndexUse, _ terms: InvertedIndex
    ) -> Expected {
        let isAsked = Int(count) <= listedCountMax
        return Expected(
            rowCount: count, nullCount: terms.nulls.count,
            use: Expectation.Use(column: column, use: use), isAsked: isAsked,
            isAskedForOthers: isAsked)
    }

    private func runs(
        of column: Int, _ find: (GramIndex) -> RowRanges?
    ) throws(StarlingError) -> Expected? {
        for index in all(column) {
            guard case .grams = index.kind, let rows = find(try index.grams()) else { continue }
            return Expected(
                rowCount: Double(rows.rowCount) * Self.shareWithRuns,
                use: Expectation.Use(column: column, use: .grams),
                isAsked: rows.rowCount * 10 <= rowCount * 8)
        }
        return nil
    }
}
