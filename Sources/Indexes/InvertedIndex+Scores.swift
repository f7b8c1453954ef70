// The scores of the rows that have any of some terms, from their lists and the lengths of texts alone.

import StarlingAnalyzers
import StarlingErrors

/// Holds rows, ascending, and how well their texts fit what is sought; all others have nothing of it.
package struct TextScores: Sendable {
    package var rows: [UInt32]
    package var scores: [Double]

    package var byteCount: Int { rows.count * 12 }
}

extension InvertedIndex {
    /// Scores the rows that have any of the terms.
    package func scores(
        of matchers: [TermMatcher], _ relevance: TextRelevance
    ) throws(StarlingError) -> TextScores {
        guard isCounted else { throw damagedIndex("it does not count terms") }
        var lists: [PostingList] = []
        for matcher in matchers { lists.append(try list(of: matcher)) }
        let rows = RowLists.union(lists.map(\.rows), count: rowCount)
        let lengths = try lengths()
        guard lengths.count == rowCount else { throw damagedIndex("it counts other rows") }
        var result = TextScores(rows: rows, scores: Array(repeating: 0, count: rows.count))
        // The terms of a text add up in the order in which text_score() adds them.
        for (number, list) in lists.enumerated() {
            var place = 0
            for (row, count) in zip(list.rows, list.counts) {
                while rows[place] < row { place += 1 }
                result.scores[place] += relevance.share(
                    ofTerm: number, count: Double(count),
                    norm: relevance.norm(ofLength: Int(lengths[Int(row)])))
            }
        }
        return result
    }

    /// Reads the rows that have terms which match, as if these were one term.
    private func list(of matcher: TermMatcher) throws(StarlingError) -> PostingList {
        let entries = try entries(of: matcher)
        if entries.count == 1 { return try list(of: entries[0]) }
        var sums: [UInt32: UInt32] = [:]
        for entry in entries {
            let list = try list(of: entry)
            for (row, count) in zip(list.rows, list.counts) { sums[row, default: 0] += count }
        }
        let rows = sums.keys.sorted()
        return PostingList(rows: rows, counts: rows.map { sums[$0] ?? 0 })
    }
}
