// Syntax errors: what was found, what was expected, and for a misspelt keyword the nearest one.

import StarlingErrors

extension Parser {
    /// Makes the error for a token that doesn't fit; `keywords` are those that would.
    func expected(_ what: String, nearest keywords: [Keyword] = []) -> StarlingError {
        let message = "expected \(what), found \(describe(current))"
        return misspelling(message, also: keywords)
            ?? StarlingError(.syntax, message, at: current.range)
    }

    /// Makes the error for text behind a complete statement.
    func unexpectedRest() -> StarlingError {
        let message = "unexpected \(describe(current))"
        return misspelling(message)
            ?? StarlingError(
                .syntax, message + "; expected the end of the statement", at: current.range)
    }

    /// Makes the error for a word that a keyword was meant by: the current one, or the one in front,
    /// since a misspelt clause is often taken for an alias.
    private func misspelling(_ message: String, also keywords: [Keyword] = []) -> StarlingError? {
        let words = (trials?.words(at: position) ?? []).union(keywords.map(\.text))
        if let near = nearest(to: current, among: words) {
            return StarlingError(.syntax, "\(message); did you mean \(near)?", at: current.range)
        }
        guard position > 0, let trials else { return nil }
        let previous = tokens[position - 1]
        let before = trials.words(at: position - 1).union(trials.words(at: position))
        guard
            let near = nearest(
                to: previous, among: before.filter { $0.utf8.count >= Self.guessedLengthMin })
        else { return nil }
        return StarlingError(
            .syntax,
            "\(message) after \(describe(previous)); "
                + "did you mean \(near) instead of \(text(of: previous))?",
            at: previous.range)
    }

    /// A name that was taken is seldom meant for a keyword that is shorter than this.
    private static var guessedLengthMin: Int { 4 }

    /// Returns the keyword that a misspelt word most likely meant.
    private func nearest(to token: Token, among words: Set<String>) -> String? {
        guard token.kind == .word, token.end - token.start > 1 else { return nil }
        if let keyword = token.keyword, keyword.isReserved { return nil }
        let word = text(of: token)
        let near = nearestName(to: word, among: words)
        return near == word.uppercased() ? nil : near
    }

    /// Says what a token is, with its text where it is short.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .end: return "the end of the text"
        case .string: return "string \(excerpt(token))"
        case .integer, .decimal, .double: return "number \(excerpt(token))"
        case .quotedName: return "name \(excerpt(token))"
        default: return "'\(excerpt(token))'"
        }
    }

    private func excerpt(_ token: Token) -> String {
        let whole = text(of: token)
        guard whole.utf8.count > 40 else { return whole }
        return String(whole.prefix(36)) + "…"
    }
}
