// How often a text has each of several terms, and how many terms it has at all: what scores are made of.

/// Counts terms; belongs to one worker.
package struct TermCounter {
    private let analyzer: Analyzer
    package let matchers: [TermMatcher]
    package private(set) var counts: [Int]
    /// The terms of the last row.
    package private(set) var tokenCount = 0
    private var tokens = TokenList()

    package init(_ matchers: [TermMatcher], _ analyzer: Analyzer) {
        self.analyzer = analyzer
        self.matchers = matchers
        counts = matchers.map { _ in 0 }
    }

    /// Counts the terms of the texts of a row.
    package mutating func count(texts: RowTexts) {
        analyzer.analyze(texts: texts, into: &tokens)
        tokenCount = tokens.tokens.count
        tokens.bytes.withUnsafeBytes { bytes in
            for number in matchers.indices {
                counts[number] = tokens.tokens.reduce(0) { count, token in
                    let own = UnsafeRawBufferPointer(
                        rebasing: bytes[token.first..<(token.first + token.count)])
                    return count + (matchers[number].matches(own) ? 1 : 0)
                }
            }
        }
    }
}

extension TermMatcher {
    package func matches(_ term: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .exact(let own): own.count == term.count && term.elementsEqual(own)
        case .pattern(let pattern): pattern.matches(term)
        case .expression(let expression): expression.matches(term)
        }
    }
}
