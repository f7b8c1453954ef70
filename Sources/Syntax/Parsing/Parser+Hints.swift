// Hints in comments: `/*+ SET_VAR(a = 1, b = 'x') SET_USER_VARIABLE(@c = 2) other */`. What isn't
// known is kept as it is written.

import StarlingErrors

extension Parser {
    /// Parses the inside of a hint comment.
    func hints(in token: Token) throws(StarlingError) -> [Hint] {
        let inside = TextRange(start: token.start + 3, end: token.end - 2)
        var parser = try Parser(bytes: bytes, range: inside, options: options)
        var hints: [Hint] = []
        while parser.current.kind != .end {
            if parser.atSymbol(.comma), parser.token(ahead: 1).kind == .word { parser.take() }
            hints.append(try parser.hint())
        }
        return hints
    }

    private mutating func hint() throws(StarlingError) -> Hint {
        if accept(.setVar) {
            return .setVariables(
                try parenthesisedList { parser throws(StarlingError) in
                    let name = try parser.identifierOrString("a variable's name")
                    return try parser.hintAssignment(name)
                })
        }
        if accept(.setUserVariable) {
            return .setUserVariables(
                try parenthesisedList { parser throws(StarlingError) in
                    try parser.expectSymbol(.at)
                    return try parser.hintAssignment(try parser.variableName())
                })
        }
        let start = current.start
        if current.kind == .word {
            take()
            if atSymbol(.open), closings[position] > 0 { position = Int(closings[position]) + 1 }
            if !atSymbol(.open) { return .other(hintText(from: start)) }
        }
        // Without a shape that is known, all of the rest is one hint.
        position = tokens.count - 1
        return .other(hintText(from: start))
    }

    private func hintText(from start: Int) -> String {
        let range = range(from: start)
        return String(decoding: bytes[range.start..<range.end], as: UTF8.self)
    }

    private mutating func hintAssignment(_ name: Identifier) throws(StarlingError)
        -> HintAssignment
    {
        try expectSymbol(.equal)
        return HintAssignment(name: name, value: try expression())
    }
}
