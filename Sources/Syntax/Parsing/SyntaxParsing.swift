// The doors of this module: text in, trees out. Ranges in trees and errors are UTF-8 offsets of
// the whole text, also where only a part of it is parsed.

import StarlingErrors

/// Parses a text that holds exactly one statement; a `;` may follow it.
package func parseStatement(
    _ text: String, in range: TextRange? = nil, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Statement {
    var parser = try Parser(text, range, options)
    return try parser.onlyStatement()
}

/// Parses all statements of a text, which `;` separates.
package func parseStatements(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> [Statement] {
    var parser = try Parser(text, nil, options)
    var statements: [Statement] = []
    while true {
        while parser.acceptSymbol(.semicolon) {}
        if parser.current.kind == .end { return statements }
        statements.append(try parser.statement())
        guard parser.atSymbol(.semicolon) || parser.current.kind == .end else {
            throw parser.unexpectedRest()
        }
        parser.parameterCount = 0
        parser.highestNumber = 0
    }
}

/// Parses a text that holds one query, such as the text of a view.
package func parseQuery(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Query {
    var parser = try Parser(text, nil, options)
    let query = try parser.query()
    while parser.acceptSymbol(.semicolon) {}
    guard parser.current.kind == .end else { throw parser.unexpectedRest() }
    return query
}

/// Parses a text that holds one expression, such as a property's condition.
package func parseExpression(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Expression {
    var parser = try Parser(text, nil, options)
    let expression = try parser.expression()
    guard parser.current.kind == .end else { throw parser.unexpectedRest() }
    return expression
}

/// Parses a text that holds one type, such as `DECIMAL(10, 2)`.
package func parseTypeName(_ text: String) throws(StarlingError) -> TypeName {
    var parser = try Parser(text, nil, SyntaxOptions())
    let type = try parser.typeName()
    guard parser.current.kind == .end else { throw parser.unexpectedRest() }
    return type
}

extension Parser {
    /// Parses all of the text, which is one statement.
    mutating func onlyStatement() throws(StarlingError) -> Statement {
        while acceptSymbol(.semicolon) {}
        if current.kind == .end { throw expected("a statement") }
        let statement = try statement()
        while acceptSymbol(.semicolon) {}
        guard current.kind == .end else { throw unexpectedRest() }
        return statement
    }

    init(_ text: String, _ range: TextRange?, _ options: SyntaxOptions)
        throws(StarlingError)
    {
        let bytes = Array(text.utf8)
        let whole = TextRange(start: 0, end: bytes.count)
        let start = min(max(range?.start ?? 0, 0), bytes.count)
        let part = range.map { TextRange(start: start, end: min(max($0.end, start), bytes.count)) }
        try self.init(bytes: bytes, range: part ?? whole, options: options)
    }
}
