// The meaning of MATCH and its relatives: a text is cut into terms, and these are what was sought or
// not. Indexes answer the same question for many texts at once, and never otherwise.

/// Tells which texts a query is about; belongs to one worker.
package struct TextMatcher {
    private let analyzer: Analyzer
    private let matchers: [TermMatcher]
    private let condition: Condition
    private let needsPositions: Bool
    private var tokens = TokenList()
    private var positions: [[UInt32]]

    /// Is a query that names matchers by numbers.
    private indirect enum Condition {
        case never
        case term(Int)
        case any([Condition])
        case all([Condition])
        case phrase(PhraseFinder)

        init(_ query: TextQuery, _ matchers: [TermMatcher]) {
            func number(_ matcher: TermMatcher) -> Int { matchers.firstIndex(of: matcher) ?? 0 }
            switch query {
            case .nothing: self = .never
            case .term(let matcher): self = .term(number(matcher))
            case .any(let parts): self = .any(parts.map { Condition($0, matchers) })
            case .all(let parts): self = .all(parts.map { Condition($0, matchers) })
            case .phrase(let terms, let slop):
                self = .phrase(
                    PhraseFinder(terms, slop: slop, lists: terms.map { number($0.matcher) }))
            }
        }

        func holds(_ positions: [[UInt32]]) -> Bool {
            switch self {
            case .never: false
            case .term(let number): !positions[number].isEmpty
            case .any(let parts): parts.contains { $0.holds(positions) }
            case .all(let parts): parts.allSatisfy { $0.holds(positions) }
            case .phrase(let finder): finder.isFound(in: positions)
            }
        }
    }

    package init(_ query: TextQuery, _ analyzer: Analyzer) {
        self.analyzer = analyzer
        matchers = query.matchers
        condition = Condition(query, matchers)
        needsPositions = query.needsPositions
        positions = Array(repeating: [], count: matchers.count)
    }

    /// Tells whether a text is what was sought.
    package mutating func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        matches(texts: { $0(text) })
    }

    /// Tells whether the texts of a row together are what was sought.
    package mutating func matches(texts: RowTexts) -> Bool {
        if matchers.isEmpty { return false }
        analyzer.analyze(texts: texts, into: &tokens)
        for number in positions.indices { positions[number].removeAll(keepingCapacity: true) }
        tokens.bytes.withUnsafeBytes { bytes in
            for number in matchers.indices {
                Self.find(
                    matchers[number], tokens.tokens, bytes, all: needsPositions,
                    into: &positions[number])
            }
        }
        return condition.holds(positions)
    }

    /// Notes the positions of a term, or only one.
    private static func find(
        _ matcher: TermMatcher, _ tokens: [TextToken], _ bytes: UnsafeRawBufferPointer, all: Bool,
        into positions: inout [UInt32]
    ) {
        switch matcher {
        case .exact(let term):
            guard let first = term.first else { return }
            for token in tokens where token.count == term.count && bytes[token.first] == first {
                let own = bytes[token.first..<(token.first + token.count)]
                guard own.elementsEqual(term) else { continue }
                positions.append(UInt32(truncatingIfNeeded: token.position))
                if !all { return }
            }
        case .pattern, .expression:
            for token in tokens {
                let own = bytes[token.first..<(token.first + token.count)]
                let position = UInt32(truncatingIfNeeded: token.position)
                guard matcher.matches(UnsafeRawBufferPointer(rebasing: own)),
                    positions.last != position
                else { continue }
                positions.append(position)
                if !all { return }
            }
        }
    }
}
