// What is sought in texts, after the analyzer has seen it: terms that have to be there, all or any of
// them, and phrases.

import StarlingErrors

/// Says which of the operators asks.
package enum MatchOperator: String, Sendable, CaseIterable {
    case match = "text_match"
    case any = "text_match_any"
    case all = "text_match_all"
    case phrase = "text_match_phrase"
    case expression = "text_match_regexp"
}

/// Matches one term.
package enum TermMatcher: Sendable, Hashable {
    case exact([UInt8])
    case pattern(TermPattern)
    case expression(TermExpression)
}

/// Describes texts by their terms.
package indirect enum TextQuery: Sendable, Hashable {
    /// No text has it.
    case nothing
    case term(TermMatcher)
    case any([TextQuery])
    case all([TextQuery])
    /// Terms at their distances, which may differ by `slop` in all.
    case phrase([PhraseTerm], slop: Int)

    /// Reads what an operator is given.
    package init(
        _ operation: MatchOperator, _ text: [UInt8], _ analyzer: Analyzer
    ) throws(StarlingError) {
        switch operation {
        case .match: self.init(matching: text, analyzer)
        case .any: self = Self.joined(Self.terms(of: text, analyzer)) { .any($0) }
        case .all: self = Self.joined(Self.terms(of: text, analyzer)) { .all($0) }
        case .phrase: try self.init(phrase: text, analyzer)
        case .expression:
            self = text.isEmpty ? .nothing : .term(.expression(try TermExpression(text)))
        }
    }

    /// Reads words, some of which may be patterns over terms.
    private init(matching text: [UInt8], _ analyzer: Analyzer) {
        guard text.contains(where: TermPattern.isWildcard) else {
            self = Self.joined(Self.terms(of: text, analyzer)) { .all($0) }
            return
        }
        if analyzer.tokenizer == .whole {
            self = .term(.pattern(TermPattern(analyzer.normalized(text))))
            return
        }
        var parts: [TextQuery] = []
        for word in text.split(whereSeparator: { $0 <= 0x20 }) {
            if word.contains(where: TermPattern.isWildcard) {
                parts.append(.term(.pattern(TermPattern(analyzer.normalized(Array(word))))))
            } else {
                parts += Self.terms(of: Array(word), analyzer)
            }
        }
        self = Self.joined(parts) { .all($0) }
    }

    /// Reads words in their order, and `~n` behind them.
    private init(phrase text: [UInt8], _ analyzer: Analyzer) throws(StarlingError) {
        let (words, slop) = try Self.slop(of: text)
        let tokens = analyzer.tokens(of: words, for: .seeking)
        let terms = tokens.tokens.enumerated().map { number, token in
            PhraseTerm(matcher: Self.matcher(tokens, number), offset: token.position)
        }
        switch terms.count {
        case 0: self = .nothing
        case 1: self = .term(terms[0].matcher)
        default: self = .phrase(terms, slop: slop)
        }
    }

    /// Takes ` ~n` from the end of a text.
    private static func slop(of text: [UInt8]) throws(StarlingError) -> ([UInt8], Int) {
        let trimmed = text[..<((text.lastIndex { $0 > 0x20 } ?? -1) + 1)]
        guard let place = trimmed.lastIndex(of: UInt8(ascii: "~")), place > 0,
            trimmed[place - 1] <= 0x20, !trimmed[place...].contains(where: { $0 <= 0x20 })
        else { return (text, 0) }
        let digits = String(decoding: trimmed[(place + 1)...], as: UTF8.self)
        guard let number = Int(digits), number >= 0 else {
            throw StarlingError(
                .data,
                "MATCH_PHRASE takes a number behind ~, which says how many places apart terms may "
                    + "be, and not '\(digits)'")
        }
        return (Array(trimmed[..<place]), min(number, 1 << 20))
    }

    private static func terms(of text: [UInt8], _ analyzer: Analyzer) -> [TextQuery] {
        let tokens = analyzer.tokens(of: text, for: .seeking)
        return tokens.tokens.indices.map { .term(matcher(tokens, $0)) }
    }

    private static func matcher(_ tokens: TokenList, _ number: Int) -> TermMatcher {
        let term = tokens.term(number)
        return tokens.tokens[number].isPrefix
            ? .pattern(TermPattern(prefix: term)) : .exact(term)
    }

    private static func joined(
        _ parts: [TextQuery], _ join: ([TextQuery]) -> TextQuery
    ) -> TextQuery {
        var distinct: [TextQuery] = []
        for part in parts where !distinct.contains(part) { distinct.append(part) }
        return distinct.isEmpty ? .nothing : distinct.count == 1 ? distinct[0] : join(distinct)
    }

    /// The matchers in it, each once.
    package var matchers: [TermMatcher] {
        var found: [TermMatcher] = []
        func add(_ matcher: TermMatcher) {
            if !found.contains(matcher) { found.append(matcher) }
        }
        func walk(_ query: TextQuery) {
            switch query {
            case .nothing: break
            case .term(let matcher): add(matcher)
            case .any(let parts), .all(let parts): parts.forEach(walk)
            case .phrase(let terms, _): for term in terms { add(term.matcher) }
            }
        }
        walk(self)
        return found
    }

    /// Tells whether positions of terms matter to it.
    package var needsPositions: Bool {
        switch self {
        case .nothing, .term: false
        case .any(let parts), .all(let parts): parts.contains(where: \.needsPositions)
        case .phrase: true
        }
    }
}

extension Analyzer {
    /// Brings a pattern over terms into the letters that terms have.
    fileprivate func normalized(_ pattern: [UInt8]) -> [UInt8] {
        var pattern = pattern
        for case .form(let form) in characterFilters {
            pattern = pattern.withUnsafeBytes { form.normalized($0) } ?? pattern
        }
        guard lowercases else { return pattern }
        return Array(String(decoding: pattern, as: UTF8.self).lowercased().utf8)
    }
}
