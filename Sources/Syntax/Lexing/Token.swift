// The pieces that the lexer cuts a text into. A token is a kind and two offsets; its text is
// looked up only where the parser needs it.

import StarlingErrors

/// Marks one piece of the text.
struct Token {
    /// Tells tokens apart.
    enum Kind: UInt8 {
        /// A bare word; `keyword` says whether SQL knows it.
        case word
        /// A name in backticks, or in double quotes under ANSI_QUOTES.
        case quotedName
        case string
        case integer
        case decimal
        case double
        /// `x'00ff'`.
        case binary
        /// `$1` or `$name`.
        case parameter
        /// `/*+ .. */` after a word that takes hints.
        case hint
        /// Text between `$$`.
        case attachment
        case symbol
        case end
    }

    var kind: Kind
    var symbol: Symbol = .none
    var keyword: Keyword?
    var start: Int
    var end: Int

    var range: TextRange { TextRange(start: start, end: end) }
}

/// Names the punctuation and operators of SQL.
enum Symbol: UInt8 {
    case none
    case open, close, openBracket, closeBracket, openBrace, closeBrace
    case comma, dot, semicolon, colon, doubleColon, assign, question, at, doubleAt
    case plus, minus, star, slash, percent, caret, tilde, exclamation
    case ampersand, doubleAmpersand, pipe, doublePipe
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, nullSafeEqual
    case shiftLeft, shiftRight, arrow, doubleArrow, fatArrow

    /// The symbol as it is written.
    var text: String {
        switch self {
        case .none: ""
        case .open: "("
        case .close: ")"
        case .openBracket: "["
        case .closeBracket: "]"
        case .openBrace: "{"
        case .closeBrace: "}"
        case .comma: ","
        case .dot: "."
        case .semicolon: ";"
        case .colon: ":"
        case .doubleColon: "::"
        case .assign: ":="
        case .question: "?"
        case .at: "@"
        case .doubleAt: "@@"
        case .plus: "+"
        case .minus: "-"
        case .star: "*"
        case .slash: "/"
        case .percent: "%"
        case .caret: "^"
        case .tilde: "~"
        case .exclamation: "!"
        case .ampersand: "&"
        case .doubleAmpersand: "&&"
        case .pipe: "|"
        case .doublePipe: "||"
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .nullSafeEqual: "<=>"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        case .arrow: "->"
        case .doubleArrow: "->>"
        case .fatArrow: "=>"
        }
    }
}
