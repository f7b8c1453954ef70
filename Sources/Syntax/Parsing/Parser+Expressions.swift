// Expressions by precedence climbing:
//   1. Parse a prefix operator with its operand, or a primary with what follows it directly.
//   2. While an operator follows that binds at least as tightly as asked for, take it, parse its
//      right operand with the next tighter power, and make both the new left operand.
// AND, XOR and OR gather all operands of a chain in one node.

import StarlingErrors

extension Parser {
    /// Parses any expression.
    mutating func expression() throws(StarlingError) -> Expression {
        try nested { parser throws(StarlingError) in try parser.operators(.lambda) }
    }

    /// Parses one or more expressions between commas.
    mutating func expressionList() throws(StarlingError) -> [Expression] {
        try list { parser throws(StarlingError) in try parser.expression() }
    }

    /// Parses an expression without comparisons and logic, as between BETWEEN and AND.
    mutating func valueExpression() throws(StarlingError) -> Expression {
        try nested { parser throws(StarlingError) in try parser.operators(.shift) }
    }

    /// Parses operators that bind at least as tightly as `power`.
    mutating func operators(_ power: BindingPower) throws(StarlingError) -> Expression {
        let siblings = height
        height = 0
        var left = try prefixed()
        while let infix = infix(), infix.power >= power {
            let leftHeight = height
            height = 0
            left = try self.apply(infix, to: left)
            height = max(height, leftHeight)
            try grow()
        }
        height = max(height, siblings)
        return left
    }

    /// Tells operators behind an operand apart.
    enum Infix {
        case binary(BinaryOperator)
        case logical(LogicalOperator)
        case `is`
        case predicate

        var power: BindingPower {
            switch self {
            case .binary(let binary): binary.bindingPower
            case .logical(let logical): logical.bindingPower
            case .is: .comparison
            case .predicate: .predicate
            }
        }
    }

    /// Returns the operator that the current token is, or nil.
    func infix() -> Infix? {
        let token = current
        if token.kind == .symbol { return symbolInfix(token.symbol) }
        if let trials {
            for keyword in Self.infixKeywords { trials.note(keyword.text, at: position) }
        }
        guard let keyword = token.keyword else { return nil }
        switch keyword {
        case .and: return .logical(.and)
        case .or: return .logical(.or)
        case .xor: return .logical(.xor)
        case .is: return .is
        case .div: return .binary(.integerDivide)
        case .mod: return .binary(.modulo)
        case .bitshiftleft: return .binary(.shiftLeft)
        case .bitshiftright: return .binary(.shiftRight)
        case .bitshiftrightlogical: return .binary(.shiftRightLogical)
        case .not:
            let next = self.token(ahead: 1).keyword
            return next.map(Self.isPredicate) ?? false ? .predicate : nil
        default: return Self.isPredicate(keyword) ? .predicate : nil
        }
    }

    private static let predicates: [Keyword] = [
        .in, .between, .like, .ilike, .rlike, .regexp, .match, .matchAny, .matchAll, .matchPhrase,
        .matchRegexp,
    ]

    /// The operators that are words, for messages.
    private static let infixKeywords: [Keyword] =
        [.and, .or, .xor, .is, .div, .mod, .not] + predicates

    private static func isPredicate(_ keyword: Keyword) -> Bool { predicates.contains(keyword) }

    private func symbolInfix(_ symbol: Symbol) -> Infix? {
        switch symbol {
        case .equal: .binary(.equal)
        case .notEqual: .binary(.notEqual)
        case .less: .binary(.less)
        case .lessOrEqual: .binary(.lessOrEqual)
        case .greater: .binary(.greater)
        case .greaterOrEqual: .binary(.greaterOrEqual)
        case .nullSafeEqual: .binary(.nullSafeEqual)
        case .plus: .binary(.add)
        case .minus: .binary(.subtract)
        case .star: .binary(.multiply)
        case .slash: .binary(.divide)
        case .percent: .binary(.modulo)
        case .ampersand: .binary(.bitAnd)
        case .pipe: .binary(.bitOr)
        case .caret: .binary(.bitXor)
        case .shiftLeft: .binary(.shiftLeft)
        case .shiftRight: .binary(.shiftRight)
        case .doubleAmpersand: .logical(.and)
        case .doublePipe: options.pipesAsConcat ? .binary(.concat) : .logical(.or)
        default: nil
        }
    }

    /// Takes the operator and its right side.
    private mutating func apply(_ infix: Infix, to left: Expression) throws(StarlingError)
        -> Expression
    {
        switch infix {
        case .logical(let logical): return try chain(logical, first: left)
        case .is: return try isPredicate(left)
        case .predicate: return try predicate(left)
        case .binary(let binary):
            take()
            if binary.isComparison, let quantified = try quantified(binary, left) {
                return quantified
            }
            let right = try operators(binary.bindingPower.tighter)
            return Expression(.binary(binary, left, right), at: left.range.union(right.range))
        }
    }

    private mutating func chain(_ logical: LogicalOperator, first: Expression)
        throws(StarlingError) -> Expression
    {
        var operands = [first]
        while case .logical(logical)? = infix() {
            take()
            operands.append(try operators(logical.bindingPower.tighter))
        }
        let range = first.range.union(operands[operands.count - 1].range)
        return Expression(.logical(logical, operands), at: range)
    }

    /// Parses `ANY (query)` behind a comparison.
    private mutating func quantified(_ comparison: BinaryOperator, _ left: Expression)
        throws(StarlingError) -> Expression?
    {
        guard at(anyOf: .any, .all, .some), token(ahead: 1).symbol == .open,
            isQuery(at: position + 1)
        else { return nil }
        let quantifier: Quantifier = take().keyword == .all ? .all : .any
        let query = try parenthesisedQuery()
        return Expression(
            .quantified(comparison, left, quantifier, query), at: range(from: left.range.start))
    }

    // MARK: Prefix operators

    private mutating func prefixed() throws(StarlingError) -> Expression {
        let token = current
        if token.keyword == .not {
            take()
            let operand = try nested { parser throws(StarlingError) in
                try parser.operators(.not)
            }
            return Expression(.not(operand), at: token.range.union(operand.range))
        }
        let unary: UnaryOperator
        switch token.symbol {
        case .minus: unary = .minus
        case .plus: unary = .plus
        case .tilde: unary = .bitNot
        case .exclamation:
            take()
            let operand = try nested { parser throws(StarlingError) in try parser.prefixed() }
            return Expression(.not(operand), at: token.range.union(operand.range))
        default: return try postfixed()
        }
        take()
        let operand = try nested { parser throws(StarlingError) in try parser.prefixed() }
        return Expression(.unary(unary, operand), at: token.range.union(operand.range))
    }

    // MARK: What follows a primary

    private mutating func postfixed() throws(StarlingError) -> Expression {
        var base = try primary()
        let start = base.range.start
        while true {
            switch current.symbol {
            case .openBracket:
                let kind = try subscripted(base)
                base = Expression(kind, at: range(from: start))
            case .dot where token(ahead: 1).kind == .word || token(ahead: 1).kind == .quotedName:
                take()
                let name = try anyWord()
                base = Expression(.field(base, name), at: range(from: start))
            case .doubleColon:
                take()
                let type = try typeName()
                base = Expression(.cast(base, type, isTry: false), at: range(from: start))
            case .arrow, .doubleArrow:
                let isValue = take().symbol == .arrow
                let path = try nested { parser throws(StarlingError) in try parser.primary() }
                base = Expression(
                    .binary(isValue ? .jsonValue : .jsonText, base, path), at: range(from: start))
            default:
                if accept(.collate) {
                    _ = try identifierOrString("a collation")
                    base.range = range(from: start)
                } else if accept(.at, .time, .zone) {
                    let zone = try nested { parser throws(StarlingError) in try parser.primary() }
                    base = Expression(.atTimeZone(base, zone: zone), at: range(from: start))
                } else {
                    return base
                }
            }
            try grow()
        }
    }

    /// Parses `[index]` or `[from:to]`.
    private mutating func subscripted(_ base: Expression) throws(StarlingError)
        -> Expression.Kind
    {
        try expectSymbol(.openBracket)
        let from: Expression? = atSymbol(.colon) ? nil : try expression()
        if acceptSymbol(.colon) {
            let to: Expression? = atSymbol(.closeBracket) ? nil : try expression()
            try expectSymbol(.closeBracket)
            return .slice(base, from: from, to: to)
        }
        try expectSymbol(.closeBracket)
        return .element(base, index: from!)
    }
}
