// The doors of this module: text in, trees out. Ranges in trees and errors are UTF-8 offsets of
// the whole text, also where only a part of it is parsed.

import StarlingErrors

/// Parses a text that holds exactly one statement; a `;` may follow it.
package func parseStatement(
    _ text: String, in range: TextRange? = nil, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Statement {
    try parsing(text, range, options) { parser throws(StarlingError) in
        try parser.onlyStatement()
    }
}

/// Parses all statements of a text, which `;` separates.
package func parseStatements(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> [Statement] {
    try parsing(text, nil, options) { parser throws(StarlingError) in
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
}

/// Parses a text that holds one query, such as the text of a view.
package func parseQuery(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Query {
    try parsing(text, nil, options) { parser throws(StarlingError) in
        let query = try parser.query()
        while parser.acceptSymbol(.semicolon) {}
        try parser.expectEnd()
        return query
    }
}

/// Parses a text that holds one expression, such as a property's condition.
package func parseExpression(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) throws(StarlingError) -> Expression {
    try parsing(text, nil, options) { parser throws(StarlingError) in
        let expression = try parser.expression()
        try parser.expectEnd()
        return expression
    }
}

/// Parses a text that holds one name, such as a function's argument; reserved words need no quotes.
package func parseName(_ text: String) throws(StarlingError) -> QualifiedName {
    try parsing(text, nil, SyntaxOptions()) { parser throws(StarlingError) in
        var parts = [try parser.anyWord()]
        while parser.acceptSymbol(.dot) { parts.append(try parser.anyWord()) }
        try parser.expectEnd()
        return QualifiedName(parts)
    }
}

/// Parses a text that holds one type, such as `DECIMAL(10, 2)`.
package func parseTypeName(_ text: String) throws(StarlingError) -> TypeName {
    try parsing(text, nil, SyntaxOptions()) { parser throws(StarlingError) in
        let type = try parser.typeName()
        try parser.expectEnd()
        return type
    }
}

/// Parses a part of a text.
private func parsing<Tree>(
    _ text: String, _ range: TextRange?, _ options: SyntaxOptions,
    _ parse: (inout Parser) throws(StarlingError) -> Tree
) throws(StarlingError) -> Tree {
    let bytes = Array(text.utf8)
    let start = min(max(range?.start ?? 0, 0), bytes.count)
    let end = min(max(range?.end ?? bytes.count, start), bytes.count)
    return try Parser.parsing(bytes, TextRange(start: start, end: end), options, parse)
}

extension Parser {
    /// Parses all of the text, which is one statement.
    mutating func onlyStatement() throws(StarlingError) -> Statement {
        while acceptSymbol(.semicolon) {}
        if current.kind == .end { throw expected("a statement") }
        let statement = try statement()
        while acceptSymbol(.semicolon) {}
        try expectEnd()
        return statement
    }

    fileprivate func expectEnd() throws(StarlingError) {
        guard current.kind == .end else { throw unexpectedRest() }
    }
}
