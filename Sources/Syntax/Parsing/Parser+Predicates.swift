// IS, IN, BETWEEN, LIKE and the other predicates behind a value.

import StarlingErrors

extension Parser {
    /// Parses `IS [NOT] NULL`, `UNKNOWN`, which is the same, `TRUE`, `FALSE` or `DISTINCT FROM x`.
    mutating func isPredicate(_ value: Expression) throws(StarlingError) -> Expression {
        try expect(.is)
        let isNegated = accept(.not)
        let kind: Expression.Kind
        if accept(.null) || acceptWord("UNKNOWN") {
            kind = .isNull(value, isNegated: isNegated)
        } else if accept(.true) {
            kind = .isTruth(value, value: true, isNegated: isNegated)
        } else if accept(.false) {
            kind = .isTruth(value, value: false, isNegated: isNegated)
        } else if accept(.distinct, .from) {
            let other = try operators(.predicate)
            kind = .isDistinct(value, from: other, isNegated: isNegated)
        } else {
            throw expected(
                isNegated ? "NULL, TRUE or FALSE" : "NULL, NOT NULL, TRUE or FALSE",
                nearest: [.null, .not, .true, .false])
        }
        return Expression(kind, at: range(from: value.range.start))
    }

    /// Parses `[NOT] IN`, `BETWEEN`, `LIKE` and their relatives.
    mutating func predicate(_ value: Expression) throws(StarlingError) -> Expression {
        let isNegated = accept(.not)
        let keyword = take().keyword
        let kind: Expression.Kind
        switch keyword {
        case .in: kind = try membership(value, isNegated)
        case .between:
            let lower = try operators(.shift)
            try expect(.and)
            let upper = try operators(.shift)
            kind = .between(value, lower: lower, upper: upper, isNegated: isNegated)
        case .like: kind = try pattern(.like, value, isNegated)
        case .ilike: kind = try pattern(.ilike, value, isNegated)
        case .match: kind = try pattern(.match, value, isNegated)
        case .matchAny: kind = try pattern(.matchAny, value, isNegated)
        case .matchAll: kind = try pattern(.matchAll, value, isNegated)
        case .matchPhrase: kind = try pattern(.matchPhrase, value, isNegated)
        case .matchRegexp: kind = try pattern(.matchRegexp, value, isNegated)
        default: kind = try pattern(.regexp, value, isNegated)
        }
        return Expression(kind, at: range(from: value.range.start))
    }

    private mutating func membership(_ value: Expression, _ isNegated: Bool)
        throws(StarlingError) -> Expression.Kind
    {
        guard atSymbol(.open) else {
            // `x IN array`, as DuckDB has it, isn't SQL of this dialect.
            throw expected("'(' after IN")
        }
        if isQuery(at: position) {
            return .inQuery(value, try parenthesisedQuery(), isNegated: isNegated)
        }
        let list = try parenthesisedList { parser throws(StarlingError) in
            try parser.expression()
        }
        return .inList(value, list, isNegated: isNegated)
    }

    private mutating func pattern(
        _ kind: PatternPredicate.Operator, _ value: Expression, _ isNegated: Bool
    ) throws(StarlingError) -> Expression.Kind {
        let pattern = try operators(.shift)
        var escape: Expression?
        if kind == .like || kind == .ilike, accept(.escape) { escape = try operators(.shift) }
        return .pattern(
            PatternPredicate(
                operator: kind, value: value, pattern: pattern, escape: escape,
                isNegated: isNegated))
    }
}
