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
            if parser.acceptSymbol(.comma) { continue }
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
        repeat {
            if atSymbol(.open), closings[position] > 0 { position = Int(closings[position]) }
            take()
        } while atSymbol(.open)
        let end = tokens[position].kind == .end ? tokens[position].start : current.start
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        return .other(trimmed(text))
    }

    private mutating func hintAssignment(_ name: Identifier) throws(StarlingError)
        -> HintAssignment
    {
        try expectSymbol(.equal)
        return HintAssignment(name: name, value: try expression())
    }

    /// Removes blanks at both ends.
    func trimmed(_ text: String) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        var bytes = Substring(text).utf8
        while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
        while let first = bytes.first, blanks.contains(first) { bytes.removeFirst() }
        return String(Substring(bytes))
    }
}
