// Which names stand in an expression that nobody has bound yet, and the expression with others.

import StarlingErrors

extension Expression {
    /// Tells whether a column of this name may stand anywhere in it: some word or quoted name does
    /// that calls no function.
    package func mentions(_ name: String) -> Bool {
        let name = name.lowercased()
        return columnNames()?.contains { $0.name.lowercased() == name } ?? true
    }

    /// Writes the expression with other texts in the place of these names, which are in small letters.
    package func sql(replacing texts: [String: String]) -> String {
        var bytes = Array(sql().utf8)
        for (name, range) in (columnNames() ?? []).reversed() {
            guard let text = texts[name.lowercased()] else { continue }
            bytes.replaceSubrange(range.start..<range.end, with: text.utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The words and quoted names of its text that call no function; nil where it is too long.
    private func columnNames() -> [(name: String, range: TextRange)]? {
        let text = Array(sql().utf8)
        let whole = TextRange(start: 0, end: text.count)
        guard let parser = try? Parser(bytes: text, range: whole, options: SyntaxOptions())
        else { return nil }
        return parser.tokens.indices.compactMap { index in
            let token = parser.tokens[index]
            guard token.kind == .word || token.kind == .quotedName,
                parser.tokens[index + 1].symbol != .open
            else { return nil }
            return (parser.identifier(of: token).text, token.range)
        }
    }
}
