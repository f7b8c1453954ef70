// Which names stand in an expression that nobody has bound yet.

import StarlingErrors

extension Expression {
    /// Tells whether a column of this name may stand anywhere in it: some word or quoted name does
    /// that calls no function.
    package func mentions(_ name: String) -> Bool {
        let text = Array(sql().utf8)
        let whole = TextRange(start: 0, end: text.count)
        guard let parser = try? Parser(bytes: text, range: whole, options: SyntaxOptions())
        else { return true }
        let name = name.lowercased()
        return parser.tokens.indices.contains { index in
            let token = parser.tokens[index]
            guard token.kind == .word || token.kind == .quotedName,
                parser.tokens[index + 1].symbol != .open
            else { return false }
            return parser.identifier(of: token).text.lowercased() == name
        }
    }
}
