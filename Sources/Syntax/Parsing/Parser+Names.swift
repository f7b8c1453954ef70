// Names, strings and numbers as parts of statements.

import StarlingErrors

extension Parser {
    /// Tells whether the token can be a name where it stands.
    func isName(_ token: Token) -> Bool {
        switch token.kind {
        case .quotedName: true
        case .word: !(token.keyword?.isReserved ?? false)
        default: false
        }
    }

    /// Parses a name; `what` says in an error what is named.
    mutating func identifier(_ what: String = "a name") throws(StarlingError) -> Identifier {
        guard isName(current) else {
            if let keyword = current.keyword {
                throw StarlingError(
                    .syntax,
                    "expected \(what), found the reserved word \(keyword.text); "
                        + "write `\(text(of: current))` to use it as a name",
                    at: current.range)
            }
            throw expected(what)
        }
        return identifier(of: take())
    }

    /// Parses a name for which reserved words are welcome too, as behind a dot.
    mutating func anyWord(_ what: String = "a name") throws(StarlingError) -> Identifier {
        guard current.kind == .word || current.kind == .quotedName else { throw expected(what) }
        return identifier(of: take())
    }

    func identifier(of token: Token) -> Identifier {
        guard token.kind == .quotedName else {
            return Identifier(text(of: token), range: token.range)
        }
        return Identifier(unquoted(token, escapes: false), isQuoted: true, range: token.range)
    }

    /// Parses `a.b.c`.
    mutating func qualifiedName(_ what: String = "a name") throws(StarlingError) -> QualifiedName {
        var parts = [try identifier(what)]
        while atSymbol(.dot), token(ahead: 1).symbol != .star {
            take()
            parts.append(try anyWord(what))
        }
        return QualifiedName(parts)
    }

    /// Parses a name, or a string in its place.
    mutating func identifierOrString(_ what: String = "a name") throws(StarlingError)
        -> Identifier
    {
        guard current.kind == .string else { return try identifier(what) }
        let token = take()
        return Identifier(string(of: token), isQuoted: true, range: token.range)
    }

    /// Parses `(a, b)`.
    mutating func identifierList() throws(StarlingError) -> [Identifier] {
        try parenthesisedList { parser throws(StarlingError) in try parser.identifier() }
    }

    /// Parses a string.
    mutating func string(_ what: String = "a string") throws(StarlingError) -> String {
        guard current.kind == .string else { throw expected(what) }
        return string(of: take())
    }

    /// Parses a string; under ANSI_QUOTES `"…"` is one as well where only a string can stand.
    mutating func stringOrName(_ what: String) throws(StarlingError) -> String {
        switch current.kind {
        case .string: return string(of: take())
        case .word, .quotedName: return identifier(of: take()).text
        default: throw expected(what)
        }
    }

    /// Returns a string token's value.
    func string(of token: Token) -> String {
        unquoted(token, escapes: true)
    }

    /// Parses an integer that fits Int.
    mutating func integer(_ what: String) throws(StarlingError) -> Int {
        guard current.kind == .integer else { throw expected(what) }
        let digits = text(of: current)
        guard let value = Int(digits) else {
            throw StarlingError(.syntax, "\(digits) is too large for \(what)", at: current.range)
        }
        take()
        return value
    }

    /// Parses `("key" = "value", ..)`.
    mutating func properties() throws(StarlingError) -> [Property] {
        try expectSymbol(.open)
        let list = try list { parser throws(StarlingError) in try parser.property() }
        try expectSymbol(.close)
        return list
    }

    /// Parses `PROPERTIES (..)` where it is written.
    mutating func optionalProperties() throws(StarlingError) -> [Property] {
        accept(.properties) ? try properties() : []
    }

    mutating func property() throws(StarlingError) -> Property {
        let keyStart = current.range.start
        let key = try stringOrName("a property's name")
        let keyRange = range(from: keyStart)
        if !acceptSymbol(.equal) { try expectSymbol(.fatArrow) }
        let valueStart = current.range.start
        let value = try propertyValue()
        return Property(
            key: key, value: value, keyRange: keyRange, valueRange: range(from: valueStart))
    }

    private mutating func propertyValue() throws(StarlingError) -> String {
        var sign = ""
        if atSymbol(.minus) { sign = text(of: take()) }
        switch current.kind {
        case .integer, .decimal, .double: return sign + text(of: take())
        default: return try stringOrName("a property's value")
        }
    }

    /// Parses `COMMENT 'text'` where it is written.
    mutating func optionalComment() throws(StarlingError) -> String? {
        guard at(.comment), token(ahead: 1).kind == .string || token(ahead: 1).symbol == .equal
        else { return nil }
        take()
        _ = acceptSymbol(.equal)
        return try string("a comment's text")
    }

    /// Removes quotes and escapes. `\%` and `\_` stay, since LIKE gives them a meaning.
    private func unquoted(_ token: Token, escapes: Bool) -> String {
        let quote = bytes[token.start]
        let inner = bytes[(token.start + 1)..<(token.end - 1)]
        let isPlain = !inner.contains { $0 == quote || (escapes && $0 == UInt8(ascii: "\\")) }
        if isPlain { return String(decoding: inner, as: UTF8.self) }
        var value: [UInt8] = []
        value.reserveCapacity(inner.count)
        var index = inner.startIndex
        while index < inner.endIndex {
            let byte = inner[index]
            index += 1
            if byte == quote {
                index += 1
                value.append(byte)
            } else if escapes, byte == UInt8(ascii: "\\"), index < inner.endIndex {
                let escaped = inner[index]
                index += 1
                if escaped == UInt8(ascii: "%") || escaped == UInt8(ascii: "_") {
                    value.append(byte)
                }
                value.append(Self.unescaped(escaped))
            } else {
                value.append(byte)
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "0"): 0x00
        case UInt8(ascii: "Z"): 0x1A
        default: byte
        }
    }
}
