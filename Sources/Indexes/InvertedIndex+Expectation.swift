// How many rows a query may be about, by what the dictionary says of its terms: no list is read, and of the
// terms of a pattern a bounded number is looked at.

import StarlingAnalyzers
import StarlingErrors

extension InvertedIndex {
    private static let visitedCountMax = 1_024
    /// Of more values in a range these say how many rows have one.
    private static let visitedValueCountMax = 256

    /// Expects so many rows with what is sought; nil where too many terms would have to be looked at.
    package func expectedRowCount(of query: TextQuery) throws(StarlingError) -> Double? {
        switch query {
        case .nothing: return 0
        case .term(let matcher): return try expectedRowCount(of: matcher)
        case .any(let parts):
            var sum = 0.0
            for part in parts {
                guard let count = try expectedRowCount(of: part) else { return nil }
                sum += count
            }
            return min(sum, Double(rowCount))
        case .all(let parts):
            var counts: [Double] = []
            for part in parts {
                if let count = try expectedRowCount(of: part) { counts.append(count) }
            }
            return jointRowCount(counts)
        case .phrase(let terms, _):
            return try expectedRowCount(of: .all(terms.map { .term($0.matcher) }))
        }
    }

    /// Expects so many rows with all of some things that are in so many each: what comes together is
    /// seldom independent, so each further one counts half as much as the one before.
    private func jointRowCount(_ counts: [Double]) -> Double? {
        let counts = counts.sorted()
        guard var result = counts.first, rowCount > 0 else { return nil }
        for (place, count) in counts.dropFirst().enumerated() {
            var share = count / Double(rowCount)
            for _ in 0...place { share = share.squareRoot() }
            result *= share
        }
        return result
    }

    private func expectedRowCount(of matcher: TermMatcher) throws(StarlingError) -> Double? {
        if case .exact(let term) = matcher { return Double(try entry(of: term)?.rowCount ?? 0) }
        return try expectedRowCount(from: matcher.first, isBehind: { matcher.isBefore($0) }) {
            matcher.matches($0)
        }
    }

    /// Expects so many rows with terms that begin with some bytes and match.
    package func expectedRowCount(
        beginningWith prefix: [UInt8], _ matches: (UnsafeRawBufferPointer) -> Bool
    ) throws(StarlingError) -> Double? {
        try expectedRowCount(from: prefix, isBehind: { !$0.starts(with: prefix) }, matches)
    }

    private func expectedRowCount(
        from first: [UInt8], isBehind: ([UInt8]) -> Bool,
        _ matches: (UnsafeRawBufferPointer) -> Bool
    ) throws(StarlingError) -> Double? {
        var visitedCount = 0
        var count = 0
        try forEachEntry(from: first) { (entry) throws(StarlingError) in
            if isBehind(entry.term) { return false }
            visitedCount += 1
            if entry.term.withUnsafeBytes(matches) { count += entry.rowCount }
            return visitedCount <= Self.visitedCountMax
        }
        guard visitedCount <= Self.visitedCountMax else { return nil }
        return Double(min(count, rowCount))
    }

    /// Expects so many rows with values from one to another.
    package func expectedRowCount(
        from low: [UInt8]?, to high: [UInt8]?, isLowIncluded: Bool = true,
        isHighIncluded: Bool = true
    ) throws(StarlingError) -> Double {
        var (visitedCount, count) = (0, 0)
        try forEachEntry(
            from: low, to: high, isLowIncluded: isLowIncluded, isHighIncluded: isHighIncluded
        ) { (entry) throws(StarlingError) in
            visitedCount += 1
            count += entry.rowCount
            return visitedCount < Self.visitedValueCountMax
        }
        let most = Double(rowCount - nulls.count)
        guard visitedCount == Self.visitedValueCountMax else { return min(Double(count), most) }
        let termCount = max(visitedCount, termCount(from: low, to: high))
        return min(Double(count) * Double(termCount) / Double(visitedCount), most)
    }

    /// Expects so many rows with one of some values.
    package func expectedRowCount(having values: [[UInt8]]) throws(StarlingError) -> Double {
        var count = 0
        for value in Set(values) { count += try entry(of: value)?.rowCount ?? 0 }
        return Double(min(count, rowCount))
    }
}

extension TermMatcher {
    /// The least term that may match.
    var first: [UInt8] {
        switch self {
        case .exact(let term): term
        case .pattern(let pattern): pattern.prefix
        case .expression(let expression): expression.bounds?.low ?? []
        }
    }

    /// Tells whether a term that is no less than the first, and all behind it, cannot match.
    func isBefore(_ term: [UInt8]) -> Bool {
        switch self {
        case .exact(let own): term != own
        case .pattern(let pattern): !term.starts(with: pattern.prefix)
        case .expression(let expression):
            expression.bounds.map { $0.high.lexicographicallyPrecedes(term) } ?? false
        }
    }
}
