// Types: `INT`, `DECIMAL(10, 2)`, `ARRAY<MAP<INT, STRING>>`, `STRUCT<a INT, b: STRING>`.

import StarlingErrors

extension Parser {
    /// Parses a type.
    mutating func typeName() throws(StarlingError) -> TypeName {
        var rest = 0
        let type = try typeName(pendingClosings: &rest)
        if rest > 0 { throw expected("a type without a second '>'") }
        return type
    }

    /// Parses a type; `>>` closes two types at once and leaves one to the outer type.
    private mutating func typeName(pendingClosings: inout Int) throws(StarlingError) -> TypeName {
        guard current.kind == .word, current.keyword == .array || isName(current) else {
            throw expected("a type")
        }
        let start = current.start
        let keyword = current.keyword
        var type = TypeName(name: text(of: take()).uppercased(), range: current.range)
        switch keyword {
        case .array, .map, .struct:
            if atSymbol(.less) {
                pendingClosings = try composite(&type, keyword!)
            }
        case .unsigned, .signed:
            type.isUnsigned = keyword == .unsigned
            type.name = "INT"
            if at(anyOf: .int, .integer) { take() }
        case .double: if accept(.precision) { type.name = "DOUBLE PRECISION" }
        case .character: if isWord("VARYING") { take(); type.name = "VARCHAR" }
        default: break
        }
        if keyword != .array, keyword != .map, keyword != .struct { try parameters(of: &type) }
        type.range = range(from: start)
        while acceptSuffix(&type, start) {}
        return type
    }

    /// Tells whether that word stands there, which is no keyword.
    func isWord(_ word: String, ahead distance: Int = 0) -> Bool {
        trials?.note(word, at: position + distance)
        let token = token(ahead: distance)
        return token.kind == .word && text(of: token).uppercased() == word
    }

    /// Parses `(10, 2)` and UNSIGNED behind a type's name.
    private mutating func parameters(of type: inout TypeName) throws(StarlingError) {
        if acceptSymbol(.open) {
            if type.name == "VARCHAR", at(.max), token(ahead: 1).symbol == .close {
                take()
                type.parameters = [TypeName.varcharLengthMax]
            } else if current.kind == .word {
                // `avg(int)` is the type of an aggregate's states.
                type.elements = try list { parser throws(StarlingError) in
                    try parser.nested { parser throws(StarlingError) in try parser.typeName() }
                }
            } else if !acceptSymbol(.star) {
                type.parameters = try list { parser throws(StarlingError) in
                    try parser.integer("a type's parameter")
                }
            }
            try expectSymbol(.close)
        }
        if accept(.unsigned) { type.isUnsigned = true }
        _ = accept(.signed)
        // All text is UTF-8, whatever a client asks for.
        if at(.character), isWord("SET", ahead: 1) {
            position += 2
        } else if !acceptWord("CHARSET") {
            return
        }
        _ = try anyWord("a character set")
    }

    /// Parses DuckDB's `INT[]`.
    private mutating func acceptSuffix(_ type: inout TypeName, _ start: Int) -> Bool {
        guard atSymbol(.openBracket), token(ahead: 1).symbol == .closeBracket else { return false }
        position += 2
        height += 1
        guard height < Self.heightMax else { return false }
        type = TypeName(name: "ARRAY", elements: [type], range: range(from: start))
        return true
    }

    /// Parses the angle brackets; returns how many closings too many were taken.
    private mutating func composite(_ type: inout TypeName, _ keyword: Keyword)
        throws(StarlingError) -> Int
    {
        try expectSymbol(.less)
        var pending = 0
        switch keyword {
        case .struct:
            // Behind a closing for this type a comma belongs to what it stands in.
            repeat {
                type.fields.append(try field(&pending))
            } while pending == 0
                && acceptSymbol(.comma)
        default:
            repeat {
                type.elements.append(try element(&pending))
            } while pending == 0
                && acceptSymbol(.comma)
            let count = keyword == .array ? 1 : 2
            guard type.elements.count == count else {
                throw expected(keyword == .array ? "one type in ARRAY<…>" : "two types in MAP<…>")
            }
        }
        if pending > 0 { return pending - 1 }
        if acceptSymbol(.shiftRight) { return 1 }
        try expectSymbol(.greater)
        return 0
    }

    private mutating func element(_ pending: inout Int) throws(StarlingError) -> TypeName {
        var closings = 0
        let type = try nested { parser throws(StarlingError) in
            try parser.typeName(pendingClosings: &closings)
        }
        pending = closings
        return type
    }

    private mutating func field(_ pending: inout Int) throws(StarlingError) -> TypeName.Field {
        let name = try anyWord("a field's name")
        _ = acceptSymbol(.colon)
        let type = try element(&pending)
        let comment = pending > 0 ? nil : try optionalComment()
        return TypeName.Field(name: name, type: type, comment: comment)
    }
}
