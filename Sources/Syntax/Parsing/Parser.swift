// A recursive-descent parser over all tokens of a text. Expressions go by precedence climbing
// (Parser+Expressions.swift); each family of statements has its file. Two measures are bounded, so
// that hostile text ends in an error and not in a full stack: how deep the parser recurses, and
// how tall the tree gets that later passes recurse over.

import StarlingErrors

/// Turns tokens into trees.
struct Parser {
    /// Bounds how deep parentheses, subqueries and the like are nested.
    static let depthMax = 400
    /// Bounds how many nodes lie between the root of an expression and a leaf.
    static let heightMax = 1_000

    let bytes: [UInt8]
    let options: SyntaxOptions
    let tokens: [Token]
    /// Holds for each opening parenthesis the index of its closing one, else 0.
    let closings: [Int32]
    var position = 0
    var parameterCount = 0
    /// The highest number among parameters such as `$3`.
    var highestNumber = 0
    private var depth = 0
    /// Holds the height of the trees that the current level has finished.
    var height = 0
    /// Takes note of the words that are asked for, where a message is to name the nearest one.
    var trials: WordTrials?

    init(bytes: [UInt8], range: TextRange, options: SyntaxOptions) throws(StarlingError) {
        self.bytes = bytes
        self.options = options
        var lexer = Lexer(bytes: bytes, range: range, options: options)
        var tokens: [Token] = []
        tokens.reserveCapacity((range.end - range.start) / 4 + 2)
        var openings: [Int] = []
        var closings: [Int32] = []
        closings.reserveCapacity(tokens.capacity)
        while true {
            let token = try lexer.next()
            if token.symbol == .open { openings.append(tokens.count) }
            if token.symbol == .close, let opening = openings.popLast() {
                closings[opening] = Int32(tokens.count)
            }
            tokens.append(token)
            closings.append(0)
            if token.kind == .end { break }
        }
        self.tokens = tokens
        self.closings = closings
    }

    // MARK: Looking

    var current: Token { tokens[position] }

    /// Returns the token that many places ahead, the end if there are fewer.
    func token(ahead count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }

    /// Covers everything from an earlier token's start to the last token that was taken.
    func range(from start: Int) -> TextRange {
        let last = position > 0 ? tokens[position - 1].end : start
        return TextRange(start: start, end: max(start, last))
    }

    func text(of token: Token) -> String {
        String(decoding: bytes[token.start..<token.end], as: UTF8.self)
    }

    func at(_ keyword: Keyword) -> Bool {
        trials?.note(keyword.text, at: position)
        return tokens[position].keyword == keyword
    }

    func at(_ first: Keyword, _ second: Keyword) -> Bool {
        guard at(first) else { return false }
        trials?.note(second.text, at: position + 1)
        return token(ahead: 1).keyword == second
    }

    func at(anyOf keywords: Keyword...) -> Bool {
        for keyword in keywords { trials?.note(keyword.text, at: position) }
        guard let keyword = current.keyword else { return false }
        return keywords.contains(keyword)
    }

    func atSymbol(_ symbol: Symbol) -> Bool { tokens[position].symbol == symbol }

    // MARK: Taking

    @discardableResult
    mutating func take() -> Token {
        let token = tokens[position]
        if position < tokens.count - 1 { position += 1 }
        return token
    }

    mutating func accept(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        position += 1
        return true
    }

    /// Takes both keywords, or neither.
    mutating func accept(_ first: Keyword, _ second: Keyword) -> Bool {
        guard at(first, second) else { return false }
        position += 2
        return true
    }

    /// Takes all three keywords, or none.
    mutating func accept(_ first: Keyword, _ second: Keyword, _ third: Keyword) -> Bool {
        guard at(first, second) else { return false }
        trials?.note(third.text, at: position + 2)
        guard token(ahead: 2).keyword == third else { return false }
        position += 3
        return true
    }

    /// Takes a word that is no keyword.
    mutating func acceptWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        position += 1
        return true
    }

    mutating func acceptSymbol(_ symbol: Symbol) -> Bool {
        guard atSymbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ keywords: Keyword...) throws(StarlingError) {
        for keyword in keywords where !accept(keyword) {
            throw expected(keyword.text)
        }
    }

    mutating func expectSymbol(_ symbol: Symbol) throws(StarlingError) {
        if !acceptSymbol(symbol) { throw expected("'\(symbol.text)'") }
    }

    // MARK: Nesting

    /// Parses something that may contain itself; all recursion goes through here.
    mutating func nested<Node>(
        _ parse: (inout Parser) throws(StarlingError) -> Node
    ) throws(StarlingError) -> Node {
        guard depth < Self.depthMax else {
            throw StarlingError(
                .syntax, "nested too deeply: more than \(Self.depthMax) levels", at: current.range)
        }
        depth += 1
        let siblings = height
        height = 0
        let node = try parse(&self)
        try grow()
        height = max(height, siblings)
        depth -= 1
        return node
    }

    /// Notes that the last trees got a common root.
    mutating func grow() throws(StarlingError) {
        height += 1
        guard height <= Self.heightMax else {
            throw StarlingError(
                .syntax, "too long a chain of operators: more than \(Self.heightMax)",
                at: current.range)
        }
    }

    /// Tries a parse, and returns to where it began if it returns nil or throws.
    mutating func attempt<Node>(
        _ parse: (inout Parser) throws(StarlingError) -> Node?
    ) -> Node? {
        let start = place
        let saved = (depth, height)
        if let node = try? parse(&self) { return node }
        goBack(to: start)
        (depth, height) = saved
        return nil
    }

    /// A place in the text, with the parameters before it.
    struct Place {
        fileprivate let position: Int
        fileprivate let parameterCount: Int
    }

    var place: Place { Place(position: position, parameterCount: parameterCount) }

    /// Returns to a place, so that what follows it is read in another way.
    mutating func goBack(to place: Place) {
        position = place.position
        parameterCount = place.parameterCount
    }

    // MARK: Lists

    /// Parses one or more items between commas.
    mutating func list<Node>(
        _ item: (inout Parser) throws(StarlingError) -> Node
    ) throws(StarlingError) -> [Node] {
        var nodes = [try item(&self)]
        while acceptSymbol(.comma) { nodes.append(try item(&self)) }
        return nodes
    }

    /// Parses one or more items between commas, in parentheses.
    mutating func parenthesisedList<Node>(
        _ item: (inout Parser) throws(StarlingError) -> Node
    ) throws(StarlingError) -> [Node] {
        try expectSymbol(.open)
        let nodes = try list(item)
        try expectSymbol(.close)
        return nodes
    }
}
