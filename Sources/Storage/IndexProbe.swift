// What the indexes of a segment say of a condition. Each part of it is answered by the rows for which it
// may be true, or by those for which it may be false; NULLs are neither, and NOT exchanges the two. What no
// index knows may be either for all rows. An index that cannot be read is as if it were not there: the
// rows are read then, and CHECK TABLE tells.

import StarlingAnalyzers
import StarlingErrors
import StarlingIndexes
import StarlingKernels
import StarlingTables
import StarlingTypes

/// Lists the rows for which a condition may be what is asked for, ascending.
struct IndexedSide {
    /// Nil stands for all rows.
    var rows: [UInt32]?
    /// True where it is so for all of these rows.
    var isExact = false
    var uses: Set<IndexUse> = []

    static let unknown = IndexedSide()
}

/// Asks the indexes of a segment.
struct IndexProbe {
    let rowCount: Int
    /// The rows that matter.
    let ranges: RowRanges
    /// Gives those indexes of a column, by its place, that know no more than which rows may have what
    /// is sought.
    var candidates: (Int) -> [ColumnIndex] = { _ in [] }
    /// Gives the indexes of a column by its place.
    let indexes: (Int) -> [ColumnIndex]

    /// More rows than one in so many are found faster by reading all values.
    private static let rowsPerValueMin = 8

    /// Reading the rows of one value takes as long as reading so many numbers, or texts.
    private static let numbersPerList = 1_024
    private static let textsPerList = 128
    private static let listCountMin = 16

    /// So many rows of values are listed, or left when others are.
    var listedCountMax: Int { rowCount / Self.rowsPerValueMin }

    /// So many rows are listed, of values like these.
    func limit(ofValuesLike values: [Value]) -> ListingLimit {
        let areTexts = values.contains { if case .bytes = $0 { true } else { false } }
        return ListingLimit(
            rowCount: listedCountMax,
            listCount: max(
                Self.listCountMin,
                rowCount / (areTexts ? Self.textsPerList : Self.numbersPerList)))
    }

    /// Is what an index says of a condition.
    private struct Found {
        /// The rows for which it is true, or may be where that is not exact.
        var rows: [UInt32]
        var isExact = true
        var use: IndexUse
        /// Knows which rows are NULL, so that it is false for all others.
        var index: InvertedIndex?
    }

    /// Lists the rows for which a condition may be true; nil where no index knows.
    func answer(_ condition: IndexCondition) throws(StarlingError) -> IndexAnswer? {
        let side = try side(of: condition, true)
        guard let rows = side.rows else { return nil }
        return IndexAnswer(rows: rows, isExact: side.isExact, uses: side.uses)
    }

    /// Lists the rows for which a condition may be true, or false.
    private func side(
        of condition: IndexCondition, _ isWanted: Bool
    ) throws(StarlingError) -> IndexedSide {
        switch condition {
        case .unknown: return .unknown
        case .not(let inner): return try side(of: inner, !isWanted)
        case .all(let parts):
            return try isWanted ? intersection(parts, true) : union(parts, false)
        case .any(let parts):
            return try isWanted ? union(parts, true) : intersection(parts, false)
        case .someElement(let inner):
            guard isWanted else { return .unknown }
            var side = try side(of: inner, true)
            side.isExact = false
            return side
        default:
            do throws(StarlingError) {
                if !isWanted, let others = try others(than: condition) { return others }
                guard let found = try known(condition) else { return .unknown }
                if isWanted {
                    return IndexedSide(
                        rows: found.rows, isExact: found.isExact, uses: [found.use])
                }
                guard found.isExact, let index = found.index else { return .unknown }
                return IndexedSide(
                    rows: index.others(than: found.rows, within: ranges), isExact: true,
                    uses: [found.use])
            } catch {
                guard error.kind == .data || error.kind == .file else { throw error }
                return .unknown
            }
        }
    }

    // MARK: Putting together

    private func intersection(
        _ parts: [IndexCondition], _ isWanted: Bool
    ) throws(StarlingError) -> IndexedSide {
        var result: IndexedSide?
        var isExact = true
        for part in isWanted ? IndexCondition.joiningRanges(parts) : parts {
            let side = try side(of: part, isWanted)
            isExact = isExact && side.rows != nil && side.isExact
            guard let rows = side.rows else { continue }
            result = IndexedSide(
                rows: result?.rows.map { RowLists.intersection($0, rows) } ?? rows,
                uses: side.uses.union(result?.uses ?? []))
            if result?.rows?.isEmpty ?? false { break }
        }
        guard var result else { return .unknown }
        result.isExact = isExact || result.rows?.isEmpty ?? false
        return result
    }

    private func union(
        _ parts: [IndexCondition], _ isWanted: Bool
    ) throws(StarlingError) -> IndexedSide {
        var lists: [[UInt32]] = []
        var result = IndexedSide(isExact: true)
        for part in parts {
            let side = try side(of: part, isWanted)
            guard let rows = side.rows else { return .unknown }
            lists.append(rows)
            result.isExact = result.isExact && side.isExact
            result.uses.formUnion(side.uses)
        }
        result.rows = RowLists.union(lists, count: rowCount)
        return result
    }

    // MARK: Asking

    /// Asks for the rows with other values than some, or outside of a range: these are listed where they
    /// are few, since a list of most rows costs more than reading them. Nil for other conditions.
    private func others(than condition: IndexCondition) throws(StarlingError) -> IndexedSide? {
        switch condition {
        case .values(let column, let values):
            let keys = values.compactMap(IndexedValue.bytes)
            guard keys.count == values.count, let index = indexes(column).ofValues,
                let rows = try index.terms().rows(
                    notHaving: keys, within: ranges, limit: limit(ofValuesLike: values))
            else { return .unknown }
            return IndexedSide(rows: rows, isExact: true, uses: [.values])
        case .range: return .unknown
        default: return nil
        }
    }

    /// Asks the indexes that know rows that have it, or else those that know which may.
    private func known(_ condition: IndexCondition) throws(StarlingError) -> Found? {
        if let found = try leaf(condition) { return found }
        let probe = IndexProbe(rowCount: rowCount, ranges: ranges, indexes: candidates)
        guard var found = try probe.leaf(condition) else { return nil }
        found.isExact = false
        found.index = nil
        return found
    }

    /// Finds the index that knows the terms that a MATCH makes of texts, and what it seeks among them.
    func search(
        _ column: Int, _ function: String, _ query: [UInt8], _ description: String,
        among indexes: [ColumnIndex]
    ) throws(StarlingError) -> (terms: InvertedIndex, query: TextQuery)? {
        guard let index = indexes.ofTerms(cutBy: description),
            let operation = MatchOperator(rawValue: function),
            let analyzer = Analyzer(description)
        else { return nil }
        return (try index.terms(), try TextQuery(operation, query, analyzer))
    }

    /// The bytes that stand for the ends of a range; nil where one has none.
    static func ends(_ low: Value?, _ high: Value?) -> (first: [UInt8]?, last: [UInt8]?)? {
        let ends = (low.flatMap(IndexedValue.bytes), high.flatMap(IndexedValue.bytes))
        return (low == nil) == (ends.0 == nil) && (high == nil) == (ends.1 == nil) ? ends : nil
    }

    private func leaf(_ condition: IndexCondition) throws(StarlingError) -> Found? {
        switch condition {
        case .match(let column, let function, let query, let analyzer):
            guard
                let sought = try search(
                    column, function, query, analyzer, among: indexes(column))
            else { return nil }
            let answer = try sought.terms.answer(sought.query, within: ranges)
            return Found(
                rows: answer.rows, isExact: answer.isExact, use: .terms, index: sought.terms)
        case .like(let column, let pattern, let escape):
            return try like(column, LikePattern(pattern, escape: escape))
        case .sharesRuns(let column, let text, let size, let ignoresCase):
            for index in indexes(column) {
                guard case .grams(size, let own, _) = index.kind, own || !ignoresCase,
                    let rows = try index.grams().rows(sharingRunsWith: text)
                else { continue }
                return Found(
                    rows: RowLists.rows(of: rows.intersection(ranges)), isExact: false,
                    use: .grams)
            }
            return nil
        default: return try values(condition)
        }
    }

    /// Asks for values: an index of them, or one whose terms are whole texts.
    private func values(_ condition: IndexCondition) throws(StarlingError) -> Found? {
        switch condition {
        case .values(let column, let values):
            guard let index = indexes(column).ofValues else { return nil }
            let terms = try index.terms()
            let keys = values.compactMap(IndexedValue.bytes)
            guard keys.count == values.count else { return nil }
            guard
                let rows = try terms.rows(
                    having: keys, within: ranges, limit: limit(ofValuesLike: values))
            else { return nil }
            return Found(rows: rows, use: .values, index: terms)
        case .range(let column, let low, let high, let includesLow, let includesHigh):
            guard let index = indexes(column).ofValues, let ends = Self.ends(low, high) else {
                return nil
            }
            let terms = try index.terms()
            guard
                let rows = try terms.rows(
                    from: ends.first, to: ends.last, isLowIncluded: includesLow,
                    isHighIncluded: includesHigh, within: ranges,
                    limit: limit(ofValuesLike: [low, high].compactMap(\.self)))
            else { return nil }
            return Found(rows: rows, use: .values, index: terms)
        case .hasElements(let column, let values, let areAllNeeded):
            return try elements(values, column, areAllNeeded: areAllNeeded)
        case .isNull(let column):
            guard let index = indexes(column).ofValues else { return nil }
            let terms = try index.terms()
            guard terms.nulls.count <= listedCountMax else { return nil }
            return Found(rows: terms.nulls, use: .values)
        default: return nil
        }
    }

    /// Finds lists that have some elements.
    private func elements(
        _ values: [Value], _ column: Int, areAllNeeded: Bool
    ) throws(StarlingError) -> Found? {
        let keys = values.compactMap(IndexedValue.bytes)
        guard keys.count == values.count, !keys.isEmpty else { return nil }
        guard let index = indexes(column).ofValues else {
            let areTexts = values.allSatisfy { if case .bytes = $0 { true } else { false } }
            return areTexts ? try elements(keys, column, areAllNeeded: areAllNeeded) : nil
        }
        let terms = try index.terms()
        let limit = limit(ofValuesLike: values)
        guard areAllNeeded else {
            guard let rows = try terms.rows(having: keys, within: ranges, limit: limit)
            else { return nil }
            return Found(rows: rows, use: .values, index: terms)
        }
        var found: [UInt32]?
        var isExact = true
        for key in keys {
            guard let rows = try terms.rows(having: [key], within: ranges, limit: limit)
            else {
                isExact = false
                continue
            }
            found = found.map { RowLists.intersection($0, rows) } ?? rows
        }
        return found.map { Found(rows: $0, isExact: isExact, use: .values, index: terms) }
    }

    /// Finds rows of whose lists the elements may have the runs of characters of some texts.
    private func elements(
        _ texts: [[UInt8]], _ column: Int, areAllNeeded: Bool
    ) throws(StarlingError) -> Found? {
        for index in indexes(column) {
            guard case .grams = index.kind else { continue }
            let grams = try index.grams()
            var lists: [[UInt32]] = []
            for pieces in areAllNeeded ? [texts] : texts.map({ [$0] }) {
                guard let rows = grams.rows(containing: pieces) else { return nil }
                lists.append(RowLists.rows(of: rows.intersection(ranges)))
            }
            return Found(
                rows: RowLists.union(lists, count: rowCount), isExact: false, use: .grams)
        }
        return nil
    }

    /// A prefix is found among values, and pieces of text by their runs of characters.
    private func like(_ column: Int, _ pattern: LikePattern) throws(StarlingError) -> Found? {
        for index in indexes(column) {
            switch index.kind {
            case .terms("none", _), .values:
                guard !pattern.prefix.isEmpty else { continue }
                let terms = try index.terms()
                guard
                    let rows = try terms.rows(
                        matching: pattern.prefix, within: ranges,
                        limit: limit(ofValuesLike: [.bytes(pattern.prefix)]),
                        { pattern.matches($0) })
                else { continue }
                return Found(
                    rows: rows, use: index.kind == .values ? .values : .terms, index: terms)
            case .grams:
                guard let rows = try index.grams().rows(containing: pattern.literalRuns) else {
                    continue
                }
                return Found(
                    rows: RowLists.rows(of: rows.intersection(ranges)), isExact: false,
                    use: .grams)
            default: continue
            }
        }
        return nil
    }
}

extension Segment {
    package func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        try probe(ranges).answer(condition)
    }

    func probe(_ ranges: RowRanges) -> IndexProbe {
        IndexProbe(rowCount: rowCount, ranges: ranges) { [columns] column in
            columns.indices.contains(column) ? columns[column].indexes : []
        }
    }
}
