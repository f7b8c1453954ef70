// Cuts a script into statements without parsing them, so that a shell can run one after the other
// (SET sql_mode changes how the rest is read) and knows when a typed statement is complete.

import StarlingErrors

/// Marks one statement of a script.
package struct StatementPiece: Sendable, Equatable {
    /// From the statement's first token to its last, without the `;`.
    package var range: TextRange
    /// Tells that a `;` follows.
    package var isTerminated: Bool
    /// What the text ends in the middle of.
    package var open: OpenConstruct?
}

/// Names what is still open at the end of a text.
package enum OpenConstruct: Sendable, Equatable {
    case string, quotedName, comment, attachment, parenthesis
}

/// Says whether a text can be run as it is.
package enum Completeness: Sendable, Equatable {
    /// There are only blanks, comments and `;`.
    case empty
    /// Every statement ends with `;`.
    case complete
    /// The last statement has no `;` yet; `open` says what it is in the middle of.
    case incomplete(open: OpenConstruct?)
}

/// Gives the statements of a script one after the other.
package struct StatementSplitter {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Parses a statement of the script.
    package func parse(
        _ piece: StatementPiece, options: SyntaxOptions
    ) throws(StarlingError) -> Statement {
        try Parser.parsing(bytes, piece.range, options) { parser throws(StarlingError) in
            try parser.onlyStatement()
        }
    }

    /// Returns the next statement, or nil at the end; empty statements are left out.
    package mutating func next(options: SyntaxOptions = SyntaxOptions()) -> StatementPiece? {
        let rest = TextRange(start: position, end: bytes.count)
        var lexer = Lexer(bytes: bytes, range: rest, options: options)
        defer { position = lexer.position }
        var range: TextRange?
        var depth = 0
        while true {
            let before = lexer.position
            let token: Token
            do {
                token = try lexer.next()
            } catch {
                guard let open = lexer.open else {
                    // A stray character belongs to the statement; its parser will complain.
                    let stray = TextRange(start: before, end: lexer.position)
                    range = range?.union(stray) ?? error.range ?? stray
                    continue
                }
                let start = error.range?.start ?? before
                lexer.position = bytes.count
                if open == .comment, range == nil {
                    range = TextRange(start: start, end: bytes.count)
                }
                let last = TextRange(start: start, end: bytes.count)
                return StatementPiece(
                    range: range?.union(last) ?? last, isTerminated: false,
                    open: OpenConstruct(open))
            }
            switch token.symbol {
            case .open: depth += 1
            case .close: depth -= 1
            case .semicolon:
                guard let range else { continue }
                return StatementPiece(range: range, isTerminated: true, open: nil)
            default: break
            }
            if token.kind == .end {
                guard let range else { return nil }
                return StatementPiece(
                    range: range, isTerminated: false, open: depth > 0 ? .parenthesis : nil)
            }
            range = range?.union(token.range) ?? token.range
        }
    }
}

extension OpenConstruct {
    fileprivate init(_ open: Lexer.Open) {
        switch open {
        case .string: self = .string
        case .quotedName: self = .quotedName
        case .comment: self = .comment
        case .attachment: self = .attachment
        }
    }
}

/// Cuts a script into its statements.
package func splitStatements(
    _ text: String, options: SyntaxOptions = SyntaxOptions()
) -> [StatementPiece] {
    var splitter = StatementSplitter(text)
    var pieces: [StatementPiece] = []
    while let piece = splitter.next(options: options) { pieces.append(piece) }
    return pieces
}

/// Says whether a text can be run as it is.
package func completeness(
    of text: String, options: SyntaxOptions = SyntaxOptions()
) -> Completeness {
    guard let last = splitStatements(text, options: options).last else { return .empty }
    return last.isTerminated ? .complete : .incomplete(open: last.open)
}
