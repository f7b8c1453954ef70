// Punctuation and operators: the longest one that fits is meant.

import StarlingErrors

extension Lexer {
    /// Reads a symbol that begins with `first`.
    mutating func symbol(_ first: UInt8, _ start: Int) throws(StarlingError) -> Token {
        let (symbol, length) = match(first, byte(1), byte(2))
        guard length > 0 else {
            position += 1
            while position < end, bytes[position] & 0xC0 == 0x80 { position += 1 }
            throw StarlingError(
                .syntax, "unexpected character '\(describe(first))'",
                at: TextRange(start: start, end: position))
        }
        position += length
        return Token(kind: .symbol, symbol: symbol, start: start, end: position)
    }

    private func describe(_ byte: UInt8) -> String {
        byte >= 0x20 && byte < 0x7F ? String(UnicodeScalar(byte)) : "\\x\(String(byte, radix: 16))"
    }

    private func match(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (Symbol, Int) {
        switch first {
        case UInt8(ascii: "("): (.open, 1)
        case UInt8(ascii: ")"): (.close, 1)
        case UInt8(ascii: "["): (.openBracket, 1)
        case UInt8(ascii: "]"): (.closeBracket, 1)
        case UInt8(ascii: "{"): (.openBrace, 1)
        case UInt8(ascii: "}"): (.closeBrace, 1)
        case UInt8(ascii: ","): (.comma, 1)
        case UInt8(ascii: "."): (.dot, 1)
        case UInt8(ascii: ";"): (.semicolon, 1)
        case UInt8(ascii: "?"): (.question, 1)
        case UInt8(ascii: "+"): (.plus, 1)
        case UInt8(ascii: "*"): (.star, 1)
        case UInt8(ascii: "/"): (.slash, 1)
        case UInt8(ascii: "%"): (.percent, 1)
        case UInt8(ascii: "^"): (.caret, 1)
        case UInt8(ascii: "~"): (.tilde, 1)
        default: matchLong(first, second, third)
        }
    }

    private func matchLong(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (Symbol, Int) {
        let equal = UInt8(ascii: "=")
        let greater = UInt8(ascii: ">")
        switch (first, second) {
        case (UInt8(ascii: ":"), UInt8(ascii: ":")): return (.doubleColon, 2)
        case (UInt8(ascii: ":"), equal): return (.assign, 2)
        case (UInt8(ascii: ":"), _): return (.colon, 1)
        case (UInt8(ascii: "@"), UInt8(ascii: "@")): return (.doubleAt, 2)
        case (UInt8(ascii: "@"), _): return (.at, 1)
        case (UInt8(ascii: "-"), greater): return third == greater ? (.doubleArrow, 3) : (.arrow, 2)
        case (UInt8(ascii: "-"), _): return (.minus, 1)
        case (UInt8(ascii: "&"), UInt8(ascii: "&")): return (.doubleAmpersand, 2)
        case (UInt8(ascii: "&"), _): return (.ampersand, 1)
        case (UInt8(ascii: "|"), UInt8(ascii: "|")): return (.doublePipe, 2)
        case (UInt8(ascii: "|"), _): return (.pipe, 1)
        case (UInt8(ascii: "!"), equal): return (.notEqual, 2)
        case (UInt8(ascii: "!"), _): return (.exclamation, 1)
        case (equal, greater): return (.fatArrow, 2)
        case (equal, equal): return (.equal, 2)
        case (equal, _): return (.equal, 1)
        case (UInt8(ascii: "<"), equal):
            return third == greater ? (.nullSafeEqual, 3) : (.lessOrEqual, 2)
        case (UInt8(ascii: "<"), greater): return (.notEqual, 2)
        case (UInt8(ascii: "<"), UInt8(ascii: "<")): return (.shiftLeft, 2)
        case (UInt8(ascii: "<"), _): return (.less, 1)
        case (greater, equal): return (.greaterOrEqual, 2)
        case (greater, greater): return (.shiftRight, 2)
        case (greater, _): return (.greater, 1)
        default: return (.none, 0)
        }
    }
}
