// Names and calls, with the forms that SQL spells in words inside the parentheses.

import StarlingErrors

extension Parser {
    /// Parses a column, a lambda with one parameter, or a call.
    mutating func nameOrCall() throws(StarlingError) -> Expression {
        let start = current.start
        let isCall = token(ahead: 1).symbol == .open
        guard isName(current) || (isCall && current.keyword?.isCallable == true) else {
            throw expected("an expression", nearest: [.select, .case, .not])
        }
        let first = identifier(of: take())
        if atSymbol(.arrow), token(ahead: 1).kind != .string, token(ahead: 1).symbol != .question {
            take()
            let body = try expression()
            return Expression(.lambda(parameters: [first], body: body), at: range(from: start))
        }
        var parts = [first]
        while atSymbol(.dot), token(ahead: 1).kind == .word || token(ahead: 1).kind == .quotedName {
            take()
            parts.append(try anyWord())
        }
        let name = QualifiedName(parts)
        guard atSymbol(.open) else { return Expression(.column(name), at: name.range) }
        return try call(name)
    }

    /// Parses the parentheses of a call and what decorates it.
    private mutating func call(_ name: QualifiedName) throws(StarlingError) -> Expression {
        var call = FunctionCall(name: name)
        try expectSymbol(.open)
        if atSymbol(.star), token(ahead: 1).symbol == .close {
            take()
            call.isStar = true
        } else if !atSymbol(.close) {
            try arguments(of: &call)
        }
        try expectSymbol(.close)
        try decorations(of: &call)
        return Expression(.call(call), at: range(from: name.range.start))
    }

    private mutating func arguments(of call: inout FunctionCall) throws(StarlingError) {
        if accept(.distinct) {
            call.isDistinct = true
            if atSymbol(.openBracket), token(ahead: 2).symbol == .closeBracket {
                call.hints = try bracketHints()
            }
        } else {
            _ = accept(.all)
        }
        if isLambda(of: call.name) { call.arguments.append(try lambda()) }
        if call.arguments.isEmpty || acceptSymbol(.comma) {
            call.arguments += try list { parser throws(StarlingError) in try parser.argument() }
        }
        if let treatment = nullTreatment() {
            call.nullTreatment = treatment
            while acceptSymbol(.comma) { call.arguments.append(try argument()) }
        }
        if accept(.order, .by) { call.orderBy = try sortItems() }
        if accept(.separator) { call.separator = try expression() }
    }

    /// Functions whose first argument may be a lambda.
    private static let takesLambda: Set<String> = [
        "array_map", "transform", "array_filter", "filter", "array_sortby", "array_sort_by",
        "any_match", "all_match", "none_match",
    ]

    /// Tells whether `x -> 'text'` comes, which is a lambda only where a function takes one: it
    /// looks like a path of JSON.
    private func isLambda(of function: QualifiedName) -> Bool {
        isName(current) && token(ahead: 1).symbol == .arrow && token(ahead: 2).kind == .string
            && Self.takesLambda.contains(function.last.text.lowercased())
    }

    /// Parses a lambda with one parameter.
    private mutating func lambda() throws(StarlingError) -> FunctionArgument {
        let start = current.start
        let parameter = identifier(of: take())
        take()
        let body = try expression()
        return FunctionArgument(
            name: nil,
            value: Expression(.lambda(parameters: [parameter], body: body), at: range(from: start)))
    }

    /// Parses `value`, `name => value` or `name := value`.
    mutating func argument() throws(StarlingError) -> FunctionArgument {
        let next = token(ahead: 1).symbol
        guard isName(current), next == .fatArrow || next == .assign else {
            return FunctionArgument(name: nil, value: try expression())
        }
        let name = try identifier()
        take()
        return FunctionArgument(name: name, value: try expression())
    }

    private mutating func nullTreatment() -> FunctionCall.NullTreatment? {
        if accept(.ignore, .nulls) { return .ignore }
        return accept(.respect, .nulls) ? .respect : nil
    }

    /// Parses WITHIN GROUP, FILTER, IGNORE NULLS and OVER behind a call.
    private mutating func decorations(of call: inout FunctionCall) throws(StarlingError) {
        if at(.within, .group) {
            position += 2
            try expectSymbol(.open)
            try expect(.order, .by)
            call.orderBy = try sortItems()
            try expectSymbol(.close)
        }
        if at(.filter), token(ahead: 1).symbol == .open {
            position += 2
            try expect(.where)
            call.filter = try expression()
            try expectSymbol(.close)
        }
        if let treatment = nullTreatment() { call.nullTreatment = treatment }
        guard accept(.over) else { return }
        if atSymbol(.open) {
            call.window = .inline(try windowSpecification())
        } else {
            call.window = .named(try identifier("a window's name or '('"))
        }
    }

    /// Parses `[a, b]`.
    mutating func bracketHints() throws(StarlingError) -> [Identifier] {
        try expectSymbol(.openBracket)
        let hints = try list { parser throws(StarlingError) in try parser.anyWord("a hint") }
        try expectSymbol(.closeBracket)
        return hints
    }

    // MARK: Forms spelt in words

    /// Parses CAST, EXTRACT, TRIM and the like; returns nil for everything else.
    mutating func specialForm(_ token: Token) throws(StarlingError) -> Expression? {
        guard self.token(ahead: 1).symbol == .open else {
            guard let keyword = token.keyword else { return nil }
            return clockFunction(keyword)
        }
        switch token.keyword {
        case .cast, .tryCast: return try cast(token)
        case .convert: return try convert(token)
        case .extract: return try extract(token)
        case .substring, .substr: return try substring(token)
        case .trim: return try trim(token)
        case .position: return try positionOf(token)
        default: return nil
        }
    }

    /// Makes a call of a function that is written without parentheses.
    private mutating func clockFunction(_ keyword: Keyword) -> Expression? {
        switch keyword {
        case .currentDate, .currentTime, .currentTimestamp, .currentUser, .currentRole,
            .currentCatalog, .localtime, .localtimestamp:
            guard self.token(ahead: 1).symbol != .dot else { return nil }
            let name = identifier(of: take())
            return Expression(.call(FunctionCall(name: QualifiedName([name]))), at: name.range)
        default: return nil
        }
    }

    private mutating func cast(_ token: Token) throws(StarlingError) -> Expression {
        position += 2
        let value = try expression()
        try expect(.as)
        let type = try typeName()
        try expectSymbol(.close)
        let isTry = token.keyword == .tryCast
        return Expression(.cast(value, type, isTry: isTry), at: range(from: token.start))
    }

    private mutating func convert(_ token: Token) throws(StarlingError) -> Expression {
        position += 2
        let value = try expression()
        try expectSymbol(.comma)
        let type = try typeName()
        try expectSymbol(.close)
        return Expression(.cast(value, type, isTry: false), at: range(from: token.start))
    }

    private mutating func extract(_ token: Token) throws(StarlingError) -> Expression {
        position += 2
        let unit = try anyWord("a unit such as YEAR")
        try expect(.from)
        let value = try expression()
        try expectSymbol(.close)
        return Expression(.extract(unit, from: value), at: range(from: token.start))
    }

    /// Parses `substring(x FROM a FOR b)`, and `substring(x, a, b)`.
    private mutating func substring(_ token: Token) throws(StarlingError) -> Expression? {
        let name = QualifiedName([identifier(of: take())])
        let start = place
        take()
        let value = try expression()
        guard at(.from) || at(.for) else {
            goBack(to: start)
            return try call(name)
        }
        var from = Expression(.literal(.integer("1")), at: value.range)
        if accept(.from) { from = try expression() }
        var arguments = [value, from]
        if accept(.for) { arguments.append(try expression()) }
        try expectSymbol(.close)
        return makeCall(name, arguments, from: token)
    }

    /// Parses `trim([BOTH | LEADING | TRAILING] [string FROM] x)`. The string goes as a whole, where
    /// the second argument of trim() is a set of characters.
    private mutating func trim(_ token: Token) throws(StarlingError) -> Expression? {
        var (name, stringName) = ("trim", "trim_both")
        let start = place
        position += 2
        var isWorded = true
        if accept(.leading) {
            (name, stringName) = ("ltrim", "trim_leading")
        } else if accept(.trailing) {
            (name, stringName) = ("rtrim", "trim_trailing")
        } else {
            isWorded = accept(.both)
        }
        var arguments: [Expression] = []
        if !(isWorded && accept(.from)) {
            arguments.append(try expression())
            if !accept(.from) {
                guard isWorded else {
                    goBack(to: start)
                    return nil
                }
                try expectSymbol(.close)
                return makeCall(functionName(name, token), arguments, from: token)
            }
            name = stringName
        }
        arguments.insert(try expression(), at: 0)
        try expectSymbol(.close)
        return makeCall(functionName(name, token), arguments, from: token)
    }

    /// Parses `position(a IN b)`.
    private mutating func positionOf(_ token: Token) throws(StarlingError) -> Expression? {
        let start = place
        position += 2
        let needle = try valueExpression()
        guard accept(.in) else {
            goBack(to: start)
            return nil
        }
        let text = try expression()
        try expectSymbol(.close)
        return makeCall(functionName("locate", token), [needle, text], from: token)
    }

    private func functionName(_ name: String, _ token: Token) -> QualifiedName {
        QualifiedName([Identifier(name, range: token.range)])
    }

    private func makeCall(_ name: QualifiedName, _ arguments: [Expression], from token: Token)
        -> Expression
    {
        let arguments = arguments.map { FunctionArgument(name: nil, value: $0) }
        return Expression(
            .call(FunctionCall(name: name, arguments: arguments)), at: range(from: token.start))
    }
}

extension Keyword {
    /// Tells that a reserved word is a function's name where a parenthesis follows.
    fileprivate var isCallable: Bool {
        switch self {
        case .if, .left, .right, .mod, .like, .regexp, .rlike, .grouping, .insert, .array,
            .values:
            true
        default: !isReserved
        }
    }
}
