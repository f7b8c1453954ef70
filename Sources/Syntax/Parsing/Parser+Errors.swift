// Syntax errors: what was found, what was expected, and for a misspelt keyword the nearest one.

import StarlingErrors

extension Parser {
    /// Makes the error for a token that doesn't fit.
    func expected(_ what: String, nearest keywords: [Keyword] = []) -> StarlingError {
        var message = "expected \(what), found \(describe(current))"
        if let near = nearest(to: current, among: keywords) {
            message += "; did you mean \(near)?"
        }
        return StarlingError(.syntax, message, at: current.range)
    }

    /// Makes the error for text behind a complete statement. A misspelt clause has often been taken
    /// for an alias, so the word in front is looked at as well.
    func unexpectedRest() -> StarlingError {
        let clauses = Self.clauseKeywords
        if let near = nearest(to: current, among: clauses) {
            return StarlingError(
                .syntax, "unexpected \(describe(current)); did you mean \(near)?",
                at: current.range)
        }
        if position > 0 {
            let previous = tokens[position - 1]
            if let near = nearest(to: previous, among: clauses) {
                return StarlingError(
                    .syntax,
                    "unexpected \(describe(current)) after \(describe(previous)); "
                        + "did you mean \(near) instead of \(text(of: previous))?",
                    at: previous.range)
            }
        }
        return StarlingError(
            .syntax, "unexpected \(describe(current)); expected the end of the statement",
            at: current.range)
    }

    /// Returns the keyword that a misspelt word most likely meant.
    func nearest(to token: Token, among keywords: [Keyword]) -> String? {
        guard token.kind == .word, token.end - token.start > 1 else { return nil }
        if let keyword = token.keyword, keyword.isReserved { return nil }
        let word = text(of: token)
        let near = nearestName(to: word, among: keywords.map(\.text))
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

    /// Words with which a clause of a query, or what follows a table, begins.
    private static let clauseKeywords: [Keyword] = [
        .from, .where, .group, .having, .order, .limit, .offset, .union, .intersect, .except,
        .join, .inner, .left, .right, .full, .cross, .on, .using, .qualify, .window, .set,
        .values, .select, .partition, .distributed, .properties, .comment, .into,
    ]
}
