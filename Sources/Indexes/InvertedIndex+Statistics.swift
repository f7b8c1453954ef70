// What scores need to know of all rows of a segment.

import StarlingAnalyzers
import StarlingErrors

/// Counts texts and terms of a table.
package struct TermStatistics: Sendable {
    /// The texts that there are.
    package var textCount = 0
    /// The terms of all texts together.
    package var tokenCount = 0
    /// The texts that have each of the terms.
    package var counts: [Int]

    package init(termCount: Int) { counts = Array(repeating: 0, count: termCount) }

    package mutating func add(_ other: TermStatistics) {
        textCount += other.textCount
        tokenCount += other.tokenCount
        for place in counts.indices { counts[place] += other.counts[place] }
    }
}

extension InvertedIndex {
    /// Counts the rows but for some.
    package func statistics(
        of matchers: [TermMatcher], without hidden: (Int) -> Bool, hiddenRows: [Int]
    ) throws(StarlingError) -> TermStatistics {
        var result = TermStatistics(termCount: matchers.count)
        result.textCount = rowCount - nulls.count
        result.tokenCount = tokenCount
        if !hiddenRows.isEmpty {
            let lengths = try lengths()
            for row in hiddenRows where row < rowCount {
                result.tokenCount -= lengths.length(ofRow: row)
            }
            let nullCount = nulls.reduce(0) { $0 + (hidden(Int($1)) ? 1 : 0) }
            result.textCount -= hiddenRows.count - nullCount
        }
        for (number, matcher) in matchers.enumerated() {
            guard !hiddenRows.isEmpty else {
                result.counts[number] = try rowCount(of: matcher)
                continue
            }
            let rows = try union(of: matcher).rows()
            result.counts[number] = rows.reduce(0) { $0 + (hidden(Int($1)) ? 0 : 1) }
        }
        return result
    }
}
