// What the indexes of a segment say of a condition. Each part of it is answered by rows for which it
// may be true and rows for which it may be false; NULLs are neither, and NOT exchanges the two. What no
// index knows may be either for all rows. An index that cannot be read is as if it were not there: the
// rows are read then, and CHECK TABLE tells.

import StarlingAnalyzers
import StarlingErrors
import StarlingIndexes
import StarlingKernels
import StarlingTables
import StarlingTypes

/// Holds the rows for which a condition may be true or false.
struct IndexTruth {
    /// Is a list of rows, ascending; nil stands for all rows.
    struct Side {
        var rows: [UInt32]?
        /// True where the condition is so for all of these rows.
        var isExact = false

        static let unknown = Side()
    }

    var isTrue = Side.unknown
    var isFalse = Side.unknown
    var uses: Set<IndexUse> = []
}

/// Asks the indexes of a segment.
struct IndexProbe {
    let rowCount: Int
    /// Gives the indexes of a column by its place.
    let indexes: (Int) -> [ColumnIndex]

    /// More rows than one in so many are found faster by reading all values.
    private static let rowsPerValueMin = 8

    /// Lists the rows for which a condition may be true; nil where no index knows.
    func answer(_ condition: IndexCondition) throws(StarlingError) -> IndexAnswer? {
        let truth = try truth(of: condition)
        guard let rows = truth.isTrue.rows else { return nil }
        return IndexAnswer(rows: rows, isExact: truth.isTrue.isExact, uses: truth.uses)
    }

    private func truth(of condition: IndexCondition) throws(StarlingError) -> IndexTruth {
        switch condition {
        case .unknown: return IndexTruth()
        case .not(let inner):
            var truth = try truth(of: inner)
            swap(&truth.isTrue, &truth.isFalse)
            return truth
        case .all(let parts):
            let truths = try truths(of: parts)
            return IndexTruth(
                isTrue: intersection(truths.map(\.isTrue)), isFalse: union(truths.map(\.isFalse)),
                uses: truths.reduce(into: []) { $0.formUnion($1.uses) })
        case .any(let parts):
            let truths = try truths(of: parts)
            return IndexTruth(
                isTrue: union(truths.map(\.isTrue)), isFalse: intersection(truths.map(\.isFalse)),
                uses: truths.reduce(into: []) { $0.formUnion($1.uses) })
        default:
            do throws(StarlingError) { return try leaf(condition) ?? IndexTruth() } catch {
                guard error.kind == .data || error.kind == .file else { throw error }
                return IndexTruth()
            }
        }
    }

    private func truths(of parts: [IndexCondition]) throws(StarlingError) -> [IndexTruth] {
        var truths: [IndexTruth] = []
        for part in parts { truths.append(try truth(of: part)) }
        return truths
    }

    // MARK: Putting together

    private func intersection(_ sides: [IndexTruth.Side]) -> IndexTruth.Side {
        var result: IndexTruth.Side?
        for side in sides.sorted(by: { ($0.rows?.count ?? .max) < ($1.rows?.count ?? .max) }) {
            guard let rows = side.rows else {
                result?.isExact = false
                continue
            }
            guard let known = result else {
                result = side
                continue
            }
            result = IndexTruth.Side(
                rows: RowLists.intersection(known.rows ?? [], rows),
                isExact: known.isExact && side.isExact)
        }
        return result ?? .unknown
    }

    private func union(_ sides: [IndexTruth.Side]) -> IndexTruth.Side {
        guard sides.allSatisfy({ $0.rows != nil }) else { return .unknown }
        return IndexTruth.Side(
            rows: RowLists.union(sides.map { $0.rows ?? [] }, count: rowCount),
            isExact: sides.allSatisfy(\.isExact))
    }

    // MARK: Asking

    /// Makes the answer of an index that knows all values.
    private func truth(
        _ rows: [UInt32], isExact: Bool = true, _ index: InvertedIndex, _ use: IndexUse
    ) -> IndexTruth {
        guard isExact else {
            return IndexTruth(isTrue: IndexTruth.Side(rows: rows), uses: [use])
        }
        return IndexTruth(
            isTrue: IndexTruth.Side(rows: rows, isExact: true),
            isFalse: IndexTruth.Side(rows: index.others(than: rows), isExact: true), uses: [use])
    }

    private func leaf(_ condition: IndexCondition) throws(StarlingError) -> IndexTruth? {
        switch condition {
        case .match(let column, let function, let query, let description):
            let index = indexes(column).first {
                guard case .terms(description, _) = $0.kind else { return false }
                return true
            }
            guard let index, let operation = MatchOperator(rawValue: function),
                let analyzer = Analyzer(description)
            else { return nil }
            let terms = try index.terms()
            let answer = try terms.answer(TextQuery(operation, query, analyzer))
            return truth(answer.rows, isExact: answer.isExact, terms, .terms)
        case .like(let column, let pattern, let escape):
            return try like(column, LikePattern(pattern, escape: escape))
        case .sharesRuns(let column, let text, let size, let ignoresCase):
            for index in indexes(column) {
                guard case .grams(size, let own, _) = index.kind, own || !ignoresCase,
                    let rows = try index.grams().rows(sharingRunsWith: text)
                else { continue }
                return IndexTruth(
                    isTrue: IndexTruth.Side(rows: RowLists.rows(of: rows)), uses: [.grams])
            }
            return nil
        default: return try values(condition)
        }
    }

    /// Asks for values: an index of them, or one whose terms are whole texts.
    private func values(_ condition: IndexCondition) throws(StarlingError) -> IndexTruth? {
        let limit = rowCount / Self.rowsPerValueMin
        switch condition {
        case .values(let column, let values):
            guard let index = valueIndex(of: column) else { return nil }
            let terms = try index.terms()
            let keys = values.compactMap(IndexedValue.bytes)
            guard keys.count == values.count,
                let rows = try terms.rows(having: keys, countMax: limit)
            else { return nil }
            return truth(rows, terms, .values)
        case .range(let column, let low, let high, let includesLow, let includesHigh):
            guard let index = valueIndex(of: column) else { return nil }
            let (first, last) = (
                low.flatMap(IndexedValue.bytes), high.flatMap(IndexedValue.bytes)
            )
            guard (low == nil) == (first == nil), (high == nil) == (last == nil) else {
                return nil
            }
            let terms = try index.terms()
            guard
                let rows = try terms.rows(
                    from: first, to: last, isLowIncluded: includesLow,
                    isHighIncluded: includesHigh, countMax: limit)
            else { return nil }
            return truth(rows, terms, .values)
        case .hasElements(let column, let values, let areAllNeeded):
            return try elements(values, column, areAllNeeded: areAllNeeded, limit)
        case .isNull(let column):
            guard let index = valueIndex(of: column) else { return nil }
            let terms = try index.terms()
            guard terms.nulls.count <= limit else { return nil }
            return IndexTruth(
                isTrue: IndexTruth.Side(rows: terms.nulls, isExact: true), uses: [.values])
        default: return nil
        }
    }

    /// Finds lists that have some elements; what others are, lists that are NULL tell apart.
    private func elements(
        _ values: [Value], _ column: Int, areAllNeeded: Bool, _ limit: Int
    ) throws(StarlingError) -> IndexTruth? {
        guard let index = valueIndex(of: column) else { return nil }
        let keys = values.compactMap(IndexedValue.bytes)
        guard keys.count == values.count, !keys.isEmpty else { return nil }
        let terms = try index.terms()
        guard areAllNeeded else {
            guard let rows = try terms.rows(having: keys, countMax: limit) else { return nil }
            return truth(rows, terms, .values)
        }
        var found: [UInt32]?
        var isExact = true
        for key in keys {
            guard let rows = try terms.rows(having: [key], countMax: limit) else {
                isExact = false
                continue
            }
            found = found.map { RowLists.intersection($0, rows) } ?? rows
        }
        return found.map { truth($0, isExact: isExact, terms, .values) }
    }

    private func valueIndex(of column: Int) -> ColumnIndex? {
        indexes(column).first { $0.kind == .values }
    }

    /// A prefix is found among values, and pieces of text by their runs of characters.
    private func like(_ column: Int, _ pattern: LikePattern) throws(StarlingError) -> IndexTruth? {
        for index in indexes(column) {
            switch index.kind {
            case .terms("none", _), .values:
                guard !pattern.prefix.isEmpty else { continue }
                let terms = try index.terms()
                guard
                    let rows = try terms.rows(
                        matching: pattern.prefix,
                        countMax: rowCount / Self.rowsPerValueMin,
                        { pattern.matches($0) })
                else { continue }
                return truth(rows, terms, index.kind == .values ? .values : .terms)
            case .grams:
                guard let rows = try index.grams().rows(containing: pattern.literalRuns) else {
                    continue
                }
                return IndexTruth(
                    isTrue: IndexTruth.Side(rows: RowLists.rows(of: rows)), uses: [.grams])
            default: continue
            }
        }
        return nil
    }
}

extension Segment {
    package func rows(
        passing condition: IndexCondition, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        let probe = IndexProbe(rowCount: rowCount) { [columns] column in
            columns.indices.contains(column) ? columns[column].indexes : []
        }
        return try probe.answer(condition)
    }
}
