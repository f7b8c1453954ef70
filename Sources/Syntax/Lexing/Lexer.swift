// Cuts SQL text into tokens, byte by byte. Bytes from 0x80 on are letters, so that names may be
// written in any script; offsets are UTF-8 offsets of the whole text.

import StarlingErrors

/// Reads one token after the other.
struct Lexer {
    /// Names what the text ends in the middle of.
    enum Open {
        case string, quotedName, comment, attachment
    }

    let bytes: [UInt8]
    let end: Int
    let options: SyntaxOptions
    var position: Int
    /// Is set when an error is thrown because the text ends too early.
    private(set) var open: Open?
    /// Holds whether the token before takes hints, and whether it can be followed by a field.
    private var takesHints = false
    private var isAfterDot = false
    private var endOfName = -1

    init(bytes: [UInt8], range: TextRange, options: SyntaxOptions) {
        self.bytes = bytes
        position = range.start
        end = min(range.end, bytes.count)
        self.options = options
        if position == 0, byte(0) == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF { position = 3 }
    }

    /// Returns the next token; at the end of the text it is `.end`, again and again.
    mutating func next() throws(StarlingError) -> Token {
        if let hint = try skipBlanksAndComments() { return hint }
        let start = position
        guard start < end else { return Token(kind: .end, start: end, end: end) }
        var token = try scan(bytes[start], start)
        token.end = position
        takesHints = token.keyword?.takesHints ?? false
        isAfterDot = token.symbol == .dot
        if token.kind == .word || token.kind == .quotedName || token.symbol == .close
            || token.symbol == .closeBracket
        {
            endOfName = position
        }
        return token
    }

    /// Returns the byte at an offset from the position, 0 behind the end.
    func byte(_ ahead: Int) -> UInt8 {
        let index = position + ahead
        return index < end ? bytes[index] : 0
    }

    private mutating func scan(_ first: UInt8, _ start: Int) throws(StarlingError) -> Token {
        switch first {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            let quote = byte(1)
            if quote == UInt8(ascii: "'") || (quote == UInt8(ascii: "\"") && !options.ansiQuotes) {
                position += 1
                try skipQuoted(quote, .string, escapes: false)
                return Token(kind: .binary, start: start, end: position)
            }
            return word(from: start)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), 0x80...:
            return word(from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return number(from: start)
        case UInt8(ascii: "'"):
            try skipQuoted(first, .string, escapes: true)
            return Token(kind: .string, start: start, end: position)
        case UInt8(ascii: "\""):
            let isName = options.ansiQuotes
            try skipQuoted(first, isName ? .quotedName : .string, escapes: !isName)
            return Token(kind: isName ? .quotedName : .string, start: start, end: position)
        case UInt8(ascii: "`"):
            try skipQuoted(first, .quotedName, escapes: false)
            return Token(kind: .quotedName, start: start, end: position)
        case UInt8(ascii: "$"):
            return try dollar(from: start)
        case UInt8(ascii: ".") where isDigit(byte(1)) && endOfName != start && !isAfterDot:
            return number(from: start)
        default:
            return try symbol(first, start)
        }
    }

    // MARK: Words and numbers

    private mutating func word(from start: Int) -> Token {
        while position < end, isWordByte(bytes[position]), !isBlank(at: position) { position += 1 }
        let keyword = KeywordTable.shared.keyword(spelt: bytes[start..<position])
        return Token(kind: .word, keyword: keyword, start: start, end: position)
    }

    /// Reads a number, or a name that begins with a digit.
    private mutating func number(from start: Int) -> Token {
        var kind = Token.Kind.integer
        skipDigits()
        if isAfterDot { return word(from: start) }
        if byte(0) == UInt8(ascii: "."), !isWordStart(byte(1)) || isExponent(at: 1) {
            kind = .decimal
            position += 1
            skipDigits()
        }
        if isExponent(at: 0) {
            kind = .double
            position += isDigit(byte(1)) ? 1 : 2
            skipDigits()
        }
        if kind == .integer, isWordStart(byte(0)), !isBlank(at: position) {
            return word(from: start)
        }
        return Token(kind: kind, start: start, end: position)
    }

    /// Tells whether `e5`, `E+5` or `e-5` stands there.
    private func isExponent(at ahead: Int) -> Bool {
        guard byte(ahead) | 0x20 == UInt8(ascii: "e") else { return false }
        let sign = byte(ahead + 1)
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            return isDigit(byte(ahead + 2))
        }
        guard isDigit(sign) else { return false }
        var next = ahead + 1
        while isDigit(byte(next)) { next += 1 }
        return !isWordStart(byte(next))
    }

    private mutating func skipDigits() {
        while isDigit(byte(0)) { position += 1 }
    }

    // MARK: Quoted text

    /// Goes behind the closing quote; a doubled quote is part of the text.
    private mutating func skipQuoted(_ quote: UInt8, _ kind: Open, escapes: Bool)
        throws(StarlingError)
    {
        let start = position
        position += 1
        while position < end {
            let current = bytes[position]
            if escapes, current == UInt8(ascii: "\\") {
                position += 2
            } else if current != quote {
                position += 1
            } else if byte(1) == quote {
                position += 2
            } else {
                position += 1
                return
            }
        }
        position = end
        let what = kind == .string ? "string" : "quoted name"
        throw unclosed(kind, "the \(what) that begins here has no closing quote", start, 1)
    }

    /// Reads `$1`, `$name` or `$$ .. $$`.
    private mutating func dollar(from start: Int) throws(StarlingError) -> Token {
        position += 1
        guard byte(0) == UInt8(ascii: "$") else {
            guard isWordByte(byte(0)), !isBlank(at: position) else {
                throw StarlingError(
                    .syntax, "expected a number or a name after '$'",
                    at: TextRange(start: start, end: position))
            }
            while isWordByte(byte(0)), !isBlank(at: position) { position += 1 }
            return Token(kind: .parameter, start: start, end: position)
        }
        position += 1
        while position < end {
            if bytes[position] == UInt8(ascii: "$"), byte(1) == UInt8(ascii: "$") {
                position += 2
                return Token(kind: .attachment, start: start, end: position)
            }
            position += 1
        }
        throw unclosed(.attachment, "the text that begins here has no closing '$$'", start, 2)
    }

    // MARK: Blanks and comments

    /// Skips what has no meaning; returns a hint where one is welcome.
    private mutating func skipBlanksAndComments() throws(StarlingError) -> Token? {
        while position < end {
            let current = bytes[position]
            if current <= 0x20 {
                position += 1
            } else if current >= 0x80, isBlank(at: position) {
                position += current == 0xC2 ? 2 : 3
            } else if current == UInt8(ascii: "-"), byte(1) == current {
                while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            } else if current == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                let start = position
                try skipComment()
                if takesHints, position - start > 4, bytes[start + 2] == UInt8(ascii: "+") {
                    return Token(kind: .hint, start: start, end: position)
                }
            } else {
                return nil
            }
        }
        return nil
    }

    private mutating func skipComment() throws(StarlingError) {
        let start = position
        position += 2
        while position < end {
            if bytes[position] == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        throw unclosed(.comment, "the comment that begins here has no closing '*/'", start, 2)
    }

    private mutating func unclosed(_ kind: Open, _ message: String, _ start: Int, _ length: Int)
        -> StarlingError
    {
        open = kind
        return StarlingError(
            .syntax, message, at: TextRange(start: start, end: start + length))
    }

    // MARK: Classes of bytes

    /// Tells whether a blank of more than one byte stands there: no-break or ideographic space.
    private func isBlank(at index: Int) -> Bool {
        guard index + 1 < end else { return false }
        if bytes[index] == 0xC2 { return bytes[index + 1] == 0xA0 }
        return bytes[index] == 0xE3 && bytes[index + 1] == 0x80 && index + 2 < end
            && bytes[index + 2] == 0x80
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private func isWordStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        isWordStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
    }
}

extension Keyword {
    /// Tells whether a `/*+ .. */` comment right behind the word is a hint.
    var takesHints: Bool {
        switch self {
        case .select, .insert, .overwrite, .into, .update, .delete, .submit, .merge: true
        default: false
        }
    }
}
