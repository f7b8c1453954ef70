// Which rows a query is about, by the index alone.

import StarlingAnalyzers
import StarlingErrors
import StarlingTables

extension InvertedIndex {
    /// Is what an index says of a query.
    package struct Answer: Sendable {
        /// The rows that have what is sought, ascending; more than these where it is not exact.
        package var rows: [UInt32]
        package var isExact = true
    }

    /// Finds the rows that a query is about, in some ranges and perhaps some beside.
    package func answer(
        _ query: TextQuery, within ranges: RowRanges? = nil
    ) throws(StarlingError) -> Answer {
        switch query {
        case .nothing: return Answer(rows: [])
        case .term(let matcher):
            return Answer(rows: try union(of: matcher).rows(within: ranges))
        case .any(let parts):
            var bits = RowBits(count: rowCount)
            var isExact = true
            for part in parts {
                let answer = try answer(part, within: ranges)
                bits.insert(answer.rows)
                isExact = isExact && answer.isExact
            }
            return Answer(rows: bits.rows, isExact: isExact)
        case .all(let parts): return try all(parts, ranges)
        case .phrase(let terms, let slop): return try phrase(terms, slop: slop, ranges)
        }
    }

    private func all(
        _ parts: [TextQuery], _ ranges: RowRanges?
    ) throws(StarlingError) -> Answer {
        var unions: [TermUnion] = []
        var others: [TextQuery] = []
        for part in parts {
            guard case .term(let matcher) = part else {
                others.append(part)
                continue
            }
            unions.append(try union(of: matcher))
        }
        var result = try rows(ofAll: unions, ranges).map { Answer(rows: $0) }
        for part in others {
            if result?.rows.isEmpty ?? false { break }
            let answer = try answer(part, within: ranges)
            result = Answer(
                rows: result.map { RowLists.intersection($0.rows, answer.rows) } ?? answer.rows,
                isExact: answer.isExact && result?.isExact ?? true)
        }
        return result ?? Answer(rows: [])
    }

    /// Reads the rows of all of some terms, those of the rarest first, and of the others only the
    /// blocks in which some of these may be. Nil where there are no terms.
    private func rows(
        ofAll unions: [TermUnion], _ ranges: RowRanges?
    ) throws(StarlingError) -> [UInt32]? {
        var result: [UInt32]?
        for union in unions.sorted(by: { $0.rowCountMax < $1.rowCountMax }) {
            if let rows = result {
                result = try union.rows(among: rows)
            } else {
                result = try union.rows(within: ranges)
            }
            if result?.isEmpty ?? false { return [] }
        }
        return result
    }

    // MARK: Phrases

    private func phrase(
        _ terms: [PhraseTerm], slop: Int, _ ranges: RowRanges?
    ) throws(StarlingError) -> Answer {
        let matchers = TextQuery.phrase(terms, slop: slop).matchers
        var unions: [TermUnion] = []
        for matcher in matchers { unions.append(try union(of: matcher)) }
        let rows = try rows(ofAll: unions, ranges) ?? []
        guard hasPositions else { return Answer(rows: rows, isExact: false) }
        if rows.isEmpty { return Answer(rows: []) }
        var found: [TermOccurrences] = []
        for union in unions { found.append(try union.occurrences(in: rows)) }
        let finder = PhraseFinder(
            terms, slop: slop, lists: terms.map { matchers.firstIndex(of: $0.matcher) ?? 0 })
        var own = [[UInt32]](repeating: [], count: found.count)
        var result: [UInt32] = []
        for (number, row) in rows.enumerated() {
            for list in own.indices {
                own[list].removeAll(keepingCapacity: true)
                own[list] += found[list].positions(ofRow: number)
            }
            if finder.isFound(in: own) { result.append(row) }
        }
        return Answer(rows: result)
    }
}
