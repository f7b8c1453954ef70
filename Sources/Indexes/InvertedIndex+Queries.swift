// Which rows a query is about, by the index alone.

import StarlingAnalyzers
import StarlingErrors

extension InvertedIndex {
    /// Is what an index says of a query.
    package struct Answer: Sendable {
        /// The rows that have what is sought, ascending; more than these where it is not exact.
        package var rows: [UInt32]
        package var isExact = true
    }

    /// Finds the rows that a query is about.
    package func answer(_ query: TextQuery) throws(StarlingError) -> Answer {
        switch query {
        case .nothing: return Answer(rows: [])
        case .term(let matcher): return Answer(rows: try rows(of: try entries(of: matcher)))
        case .any(let parts):
            var bits = RowBits(count: rowCount)
            var isExact = true
            for part in parts {
                let answer = try answer(part)
                bits.insert(answer.rows)
                isExact = isExact && answer.isExact
            }
            return Answer(rows: bits.rows, isExact: isExact)
        case .all(let parts): return try all(parts)
        case .phrase(let terms, let slop): return try phrase(terms, slop: slop)
        }
    }

    /// Reads the terms that the fewest rows have first, and stops where none is left.
    private func all(_ parts: [TextQuery]) throws(StarlingError) -> Answer {
        var found: [(count: Int, entry: TermEntry)] = []
        var others: [TextQuery] = []
        for part in parts {
            guard case .term(.exact(let term)) = part else {
                others.append(part)
                continue
            }
            guard let entry = try entry(of: term) else { return Answer(rows: []) }
            found.append((entry.rowCount, entry))
        }
        var result: Answer?
        for (_, entry) in found.sorted(by: { $0.count < $1.count }) {
            let rows = try list(of: entry).rows
            result = Answer(rows: result.map { RowLists.intersection($0.rows, rows) } ?? rows)
            if result?.rows.isEmpty ?? false { return Answer(rows: []) }
        }
        for part in others {
            let answer = try answer(part)
            result = Answer(
                rows: result.map { RowLists.intersection($0.rows, answer.rows) } ?? answer.rows,
                isExact: answer.isExact && result?.isExact ?? true)
        }
        return result ?? Answer(rows: [])
    }

    // MARK: Phrases

    /// Holds the positions of a term in the rows that have it.
    private struct Occurrences {
        var rows: [UInt32]
        var ends: [Int]
        var positions: [UInt32]

        /// Where the positions of each of some rows lie, all of which have the term.
        func places(of wanted: [UInt32]) -> [Range<Int>] {
            var places: [Range<Int>] = []
            places.reserveCapacity(wanted.count)
            var place = 0
            for row in wanted {
                while place < rows.count, rows[place] < row { place += 1 }
                guard place < rows.count, rows[place] == row else {
                    places.append(0..<0)
                    continue
                }
                places.append((place == 0 ? 0 : ends[place - 1])..<ends[place])
            }
            return places
        }
    }

    private func phrase(_ terms: [PhraseTerm], slop: Int) throws(StarlingError) -> Answer {
        let query = TextQuery.phrase(terms, slop: slop)
        let matchers = query.matchers
        guard hasPositions else {
            let rows = try all(matchers.map { .term($0) }).rows
            return Answer(rows: rows, isExact: false)
        }
        var candidates: [UInt32]?
        var found: [[(entry: TermEntry, list: PostingList)]] = []
        for matcher in matchers {
            let entries = try entries(of: matcher)
            var lists: [(entry: TermEntry, list: PostingList)] = []
            var bits = RowBits(count: rowCount)
            for entry in entries {
                let list = try list(of: entry)
                lists.append((entry, list))
                if entries.count > 1 { bits.insert(list.rows) }
            }
            let rows = lists.count == 1 ? lists[0].list.rows : bits.rows
            candidates = candidates.map { RowLists.intersection($0, rows) } ?? rows
            if candidates?.isEmpty ?? true { return Answer(rows: []) }
            found.append(lists)
        }
        let rows = candidates ?? []
        var positions: [[UInt32]] = []
        var places: [[Range<Int>]] = []
        for lists in found {
            let occurrences = try self.occurrences(lists)
            positions.append(occurrences.positions)
            places.append(occurrences.places(of: rows))
        }
        let finder = PhraseFinder(
            terms, slop: slop, lists: terms.map { matchers.firstIndex(of: $0.matcher) ?? 0 })
        var own = [[UInt32]](repeating: [], count: found.count)
        var result: [UInt32] = []
        for (number, row) in rows.enumerated() {
            for list in own.indices {
                own[list].removeAll(keepingCapacity: true)
                own[list].append(contentsOf: positions[list][places[list][number]])
            }
            if finder.isFound(in: own) { result.append(row) }
        }
        return Answer(rows: result)
    }

    /// Puts the positions of several terms together, as if they were one.
    private func occurrences(
        _ lists: [(entry: TermEntry, list: PostingList)]
    ) throws(StarlingError) -> Occurrences {
        if lists.count == 1 {
            let (positions, ends) = try positions(of: lists[0].entry, lists[0].list)
            return Occurrences(rows: lists[0].list.rows, ends: ends, positions: positions)
        }
        var pairs: [UInt64] = []
        for (entry, list) in lists {
            let (positions, ends) = try positions(of: entry, list)
            for (place, row) in list.rows.enumerated() {
                let start = place == 0 ? 0 : ends[place - 1]
                for number in start..<ends[place] {
                    pairs.append(UInt64(row) << 32 | UInt64(positions[number]))
                }
            }
        }
        pairs.sort()
        var result = Occurrences(rows: [], ends: [], positions: [])
        var last: UInt64?
        for pair in pairs where pair != last {
            last = pair
            let row = UInt32(truncatingIfNeeded: pair >> 32)
            if result.rows.last != row {
                result.rows.append(row)
                result.ends.append(result.positions.count)
            }
            result.positions.append(UInt32(truncatingIfNeeded: pair))
            result.ends[result.ends.count - 1] = result.positions.count
        }
        return result
    }
}
