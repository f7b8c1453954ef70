// Operands: literals, names, parameters, parentheses, CASE, constructors.

import StarlingErrors

extension Parser {
    /// Parses an operand without what may follow it.
    mutating func primary() throws(StarlingError) -> Expression {
        let token = current
        switch token.kind {
        case .integer: return literal(.integer(text(of: token)))
        case .decimal: return literal(.decimal(text(of: token)))
        case .double: return literal(.double(text(of: token)))
        case .string: return literal(.string(string(of: token)))
        case .binary: return literal(.binary(try binary(of: token)))
        case .parameter: return try dollarParameter()
        case .quotedName: return try nameOrCall()
        case .word: return try word(token)
        case .symbol: return try punctuation(token)
        case .hint, .attachment, .end: throw expected("an expression")
        }
    }

    private mutating func literal(_ literal: Literal) -> Expression {
        Expression(.literal(literal), at: take().range)
    }

    private mutating func word(_ token: Token) throws(StarlingError) -> Expression {
        switch token.keyword {
        case .null: return literal(.null)
        case .true: return literal(.boolean(true))
        case .false: return literal(.boolean(false))
        case .case: return try conditional()
        case .exists where self.token(ahead: 1).symbol == .open:
            take()
            let query = try parenthesisedQuery()
            return Expression(.exists(query), at: range(from: token.start))
        case .default:
            take()
            return Expression(.defaultValue, at: token.range)
        case .interval:
            if let interval = try interval() { return interval }
        case .date, .datetime, .timestamp, .time, .json:
            if self.token(ahead: 1).kind == .string { return typedLiteral(token.keyword!) }
        case .array, .map, .struct:
            if let constructor = try typedConstructor() { return constructor }
        default: break
        }
        if let special = try specialForm(token) { return special }
        return try nameOrCall()
    }

    private mutating func punctuation(_ token: Token) throws(StarlingError) -> Expression {
        switch token.symbol {
        case .open: return try parenthesised()
        case .openBracket:
            let items = try arrayItems()
            return Expression(.array(items, type: nil), at: range(from: token.start))
        case .openBrace:
            if let call = try odbcCall() { return call }
            let entries = try mapEntries()
            return Expression(.map(entries, type: nil), at: range(from: token.start))
        case .question:
            take()
            parameterCount += 1
            return Expression(.parameter(.positional(parameterCount)), at: token.range)
        case .colon where self.token(ahead: 1).kind == .word:
            take()
            let name = text(of: take())
            return Expression(.parameter(.named(name)), at: range(from: token.start))
        case .at:
            take()
            let name = try variableName()
            return Expression(.userVariable(name), at: range(from: token.start))
        case .doubleAt:
            take()
            let scope = acceptScopeAndDot()
            let name = try variableName()
            return Expression(.systemVariable(name, scope: scope), at: range(from: token.start))
        default: throw expected("an expression")
        }
    }

    /// Parses the name of a user or session variable, which may be any word or a string.
    mutating func variableName() throws(StarlingError) -> Identifier {
        current.kind == .string
            ? try identifierOrString("a variable's name") : try anyWord("a variable's name")
    }

    /// Parses `GLOBAL.`, `SESSION.` or `LOCAL.`.
    mutating func acceptScopeAndDot() -> VariableScope? {
        guard token(ahead: 1).symbol == .dot, let keyword = current.keyword,
            let scope = VariableScope(rawValue: keyword.text)
        else { return nil }
        position += 2
        return scope
    }

    private mutating func dollarParameter() throws(StarlingError) -> Expression {
        let token = take()
        let name = String(text(of: token).dropFirst())
        guard name.utf8.first! &- UInt8(ascii: "0") < 10 else {
            return Expression(.parameter(.named(name)), at: token.range)
        }
        guard let number = Int(name), number > 0, number <= 65_535 else {
            throw StarlingError(.syntax, "there is no parameter $\(name)", at: token.range)
        }
        highestNumber = max(highestNumber, number)
        return Expression(.parameter(.numbered(number)), at: token.range)
    }

    private func binary(of token: Token) throws(StarlingError) -> [UInt8] {
        let digits = bytes[(token.start + 2)..<(token.end - 1)]
        var value: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let number = Character(UnicodeScalar(digit)).hexDigitValue else {
                throw StarlingError(.syntax, "x'…' takes hexadecimal digits only", at: token.range)
            }
            if let first = high {
                value.append(first << 4 | UInt8(number))
                high = nil
            } else {
                high = UInt8(number)
            }
        }
        guard high == nil else {
            throw StarlingError(
                .syntax, "x'…' takes an even number of hexadecimal digits", at: token.range)
        }
        return value
    }

    private mutating func typedLiteral(_ keyword: Keyword) -> Expression {
        let start = take().start
        let text = string(of: take())
        let literal: Literal =
            switch keyword {
            case .date: .date(text)
            case .time: .time(text)
            case .json: .json(text)
            default: .datetime(text)
            }
        return Expression(.literal(literal), at: range(from: start))
    }

    /// Parses `INTERVAL 1 DAY`, `INTERVAL '1' DAY`, `INTERVAL '1 day'`; returns nil where
    /// INTERVAL is a name.
    private mutating func interval() throws(StarlingError) -> Expression? {
        let start = current.start
        if let whole = intervalString() { return whole }
        let next = token(ahead: 1)
        guard next.kind != .end, next.symbol != .dot else { return nil }
        if next.kind == .integer || next.kind == .decimal {
            // No name is followed by a number.
            take()
            let value = try valueExpression()
            return Expression(
                .interval(value, try intervalUnit()), at: range(from: start))
        }
        return attempt { parser throws(StarlingError) -> Expression? in
            parser.take()
            let value = try parser.valueExpression()
            let unit = try parser.intervalUnit()
            return Expression(.interval(value, unit), at: parser.range(from: start))
        }
    }

    /// Parses `INTERVAL '90 days'`, with the unit in the string.
    private mutating func intervalString() -> Expression? {
        let next = token(ahead: 1)
        guard next.kind == .string else { return nil }
        let words = string(of: next).split(separator: " ")
        guard words.count == 2, let unit = IntervalUnit(named: String(words[1])) else { return nil }
        let start = take().start
        take()
        let value = Expression(.literal(.string(String(words[0]))), at: next.range)
        return Expression(.interval(value, unit), at: range(from: start))
    }

    mutating func intervalUnit() throws(StarlingError) -> IntervalUnit {
        guard current.kind == .word, let unit = IntervalUnit(named: text(of: current)) else {
            let error = expected("a unit of time such as DAY")
            let units = IntervalUnit.allCases.map(\.rawValue)
            guard current.kind == .word, let near = nearestName(to: text(of: current), among: units)
            else { throw error }
            throw StarlingError(
                .syntax, "\(error.message); did you mean \(near)?", at: current.range)
        }
        take()
        return unit
    }

    // MARK: Parentheses

    /// Parses what begins with `(`: a query, a lambda's parameters, a row, or an expression.
    private mutating func parenthesised() throws(StarlingError) -> Expression {
        let start = current.start
        if isQuery(at: position) {
            let query = try parenthesisedQuery()
            return Expression(.scalarQuery(query), at: range(from: start))
        }
        if let parameters = lambdaParameters() {
            let body = try expression()
            return Expression(
                .lambda(parameters: parameters, body: body), at: range(from: start))
        }
        take()
        var inner = try expression()
        if acceptSymbol(.comma) {
            let rest = try expressionList()
            try expectSymbol(.close)
            return Expression(.row([inner] + rest), at: range(from: start))
        }
        try expectSymbol(.close)
        inner.range = range(from: start)
        return inner
    }

    /// Takes `(a, b) ->` if that is what stands there, and not `(a) -> '$.path'`.
    private mutating func lambdaParameters() -> [Identifier]? {
        let closing = Int(closings[position])
        guard closing > position + 1, closing + 2 < tokens.count,
            tokens[closing + 1].symbol == .arrow,
            tokens[closing + 2].kind != .string || closing > position + 2
        else { return nil }
        return attempt { parser throws(StarlingError) -> [Identifier]? in
            let names = try parser.identifierList()
            return parser.acceptSymbol(.arrow) ? names : nil
        }
    }

    // MARK: CASE

    private mutating func conditional() throws(StarlingError) -> Expression {
        let start = take().start
        let operand: Expression? = at(.when) ? nil : try expression()
        var branches: [Conditional.Branch] = []
        repeat {
            try expect(.when)
            let condition = try expression()
            try expect(.then)
            branches.append(.init(condition: condition, result: try expression()))
        } while at(.when)
        let otherwise: Expression? = accept(.else) ? try expression() : nil
        try expect(.end)
        return Expression(
            .conditional(
                Conditional(operand: operand, branches: branches, otherwise: otherwise)),
            at: range(from: start))
    }

    // MARK: Constructors

    /// Parses `ARRAY<INT>[1]`, `ARRAY[1]`, `MAP{1: 2}`, `MAP<INT, INT>{1: 2}`; returns nil where
    /// the word is a name or a function.
    private mutating func typedConstructor() throws(StarlingError) -> Expression? {
        let start = current.start
        let isMap = at(.map)
        var type: TypeName?
        switch token(ahead: 1).symbol {
        case .less:
            guard
                let parsed = attempt({ parser throws(StarlingError) -> TypeName? in
                    let type = try parser.typeName()
                    let isConstructor = parser.atSymbol(isMap ? .openBrace : .openBracket)
                    return isConstructor ? type : nil
                })
            else { return nil }
            type = parsed
        case .openBracket where at(.array): take()
        case .openBrace where isMap: take()
        default: return nil
        }
        let kind: Expression.Kind =
            isMap ? .map(try mapEntries(), type: type) : .array(try arrayItems(), type: type)
        return Expression(kind, at: range(from: start))
    }

    private mutating func arrayItems() throws(StarlingError) -> [Expression] {
        try expectSymbol(.openBracket)
        if acceptSymbol(.closeBracket) { return [] }
        let items = try expressionList()
        try expectSymbol(.closeBracket)
        return items
    }

    private mutating func mapEntries() throws(StarlingError) -> [MapEntry] {
        try expectSymbol(.openBrace)
        if acceptSymbol(.closeBrace) { return [] }
        let entries = try list { parser throws(StarlingError) in
            let key = try parser.expression()
            try parser.expectSymbol(.colon)
            return MapEntry(key: key, value: try parser.expression())
        }
        try expectSymbol(.closeBrace)
        return entries
    }

    /// Parses ODBC's `{fn now()}`.
    private mutating func odbcCall() throws(StarlingError) -> Expression? {
        guard token(ahead: 1).keyword == .fn, token(ahead: 2).kind == .word else { return nil }
        position += 2
        let call = try expression()
        try expectSymbol(.closeBrace)
        return call
    }
}
