// CREATE FUNCTION in its forms:
//     f(INT, STRING) RETURNS INT PROPERTIES ('symbol' = '..')      a function of a library
//     f(INT) RETURNS INT type = 'Python' .. AS $$ .. $$            a function of inline code
//     f(a, b) AS a + b                                             an expression
//     f(a INT) RETURNS TABLE AS SELECT ..                          a query
// MACRO is FUNCTION.

import StarlingErrors

extension Parser {
    mutating func createFunction(_ prefix: CreatePrefix) throws(StarlingError) -> CreateFunction {
        var kind: Identifier?
        if !acceptWord("MACRO") {
            kind = at(.function) ? nil : identifier(of: take())
            try expect(.function)
        }
        let ifNotExists = try acceptIfNotExists()
        let name = try qualifiedName("a name for the function")
        var words: [Identifier?] = []
        let (parameters, isVariadic) = try functionParameters(&words)
        var function = CreateFunction(
            orReplace: prefix.orReplace, isGlobal: prefix.isGlobal,
            isTemporary: prefix.isTemporary, ifNotExists: ifNotExists, kind: kind, name: name,
            parameters: parameters, isVariadic: isVariadic,
            returns: nil, body: .properties([]), code: nil)
        if accept(.returns) {
            if accept(.table) {
                function.returns = TypeName(name: "TABLE", range: range(from: current.start))
            } else {
                function.returns = try typeName()
            }
        }
        try body(of: &function)
        if case .properties = function.body { return function }
        // A bare word was read as a type; where there is a body it is a parameter's name.
        for index in function.parameters.indices where function.parameters[index].name == nil {
            guard let word = words[index] else {
                throw StarlingError(.syntax, "every parameter needs a name", at: name.range)
            }
            function.parameters[index].name = word
            function.parameters[index].type = nil
        }
        return function
    }

    private mutating func body(of function: inout CreateFunction) throws(StarlingError) {
        var properties: [Property] = []
        while true {
            if accept(.properties) {
                properties += try self.properties()
            } else if current.kind == .word, token(ahead: 1).symbol == .equal {
                properties.append(try property())
            } else {
                break
            }
        }
        function.body = .properties(properties)
        let isReturn = current.kind == .word && text(of: current).uppercased() == "RETURN"
        guard isReturn || at(.as) else {
            if properties.isEmpty { throw expected("PROPERTIES, AS or RETURN") }
            return
        }
        take()
        if current.kind == .attachment {
            let token = take()
            let code = bytes[(token.start + 2)..<(token.end - 2)]
            function.code = String(decoding: code, as: UTF8.self)
        } else if at(anyOf: .select, .with, .values, .from) {
            function.body = .table(try query())
        } else if accept(.table) {
            function.body = .table(try query())
        } else {
            function.body = .expression(try expression())
        }
    }

    private mutating func functionParameters(_ words: inout [Identifier?]) throws(StarlingError)
        -> ([CreateFunction.Parameter], isVariadic: Bool)
    {
        try expectSymbol(.open)
        var parameters: [CreateFunction.Parameter] = []
        if acceptSymbol(.close) { return ([], false) }
        repeat {
            if atSymbol(.dot) {
                try ellipsis()
                try expectSymbol(.close)
                return (parameters, true)
            }
            let next = token(ahead: 1)
            let isNamed = isName(current) && next.kind == .word && next.keyword != .default
            let name: Identifier? = isNamed && !at(.double, .precision) ? try identifier() : nil
            words.append(name == nil && isName(current) ? identifier(of: current) : nil)
            let type: TypeName? =
                name == nil && current.kind == .quotedName ? nil : try typeName()
            if type == nil { take() }
            var parameter = CreateFunction.Parameter(name: name, type: type, defaultValue: nil)
            if accept(.default) || acceptSymbol(.assign) {
                parameter.defaultValue = try expression()
            }
            parameters.append(parameter)
        } while acceptSymbol(.comma)
        let isVariadic = atSymbol(.dot)
        if isVariadic { try ellipsis() }
        try expectSymbol(.close)
        return (parameters, isVariadic)
    }

    /// Takes `...`.
    mutating func ellipsis() throws(StarlingError) {
        for _ in 0..<3 { try expectSymbol(.dot) }
    }
}
