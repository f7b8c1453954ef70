// Writes trees as SQL on one line. What it writes parses to an equal tree; parentheses stand only
// where the tree needs them. Names keep the quotes that they were written with.

import StarlingErrors

/// Gathers the text of a tree.
struct Printer {
    var text = ""
    let options: SyntaxOptions

    init(options: SyntaxOptions) {
        self.options = options
    }

    mutating func write(_ string: String) {
        text += string
    }

    /// Writes nodes with a separator between them.
    mutating func write<Node>(
        _ nodes: [Node], separator: String = ", ", _ item: (inout Printer, Node) -> Void
    ) {
        for (index, node) in nodes.enumerated() {
            if index > 0 { write(separator) }
            item(&self, node)
        }
    }

    /// Writes nodes between parentheses.
    mutating func writeList<Node>(_ nodes: [Node], _ item: (inout Printer, Node) -> Void) {
        write("(")
        write(nodes, item)
        write(")")
    }

    // MARK: Names

    mutating func write(_ identifier: Identifier) {
        write(Self.spelling(of: identifier))
    }

    /// Writes ` prefix name` if there is a name.
    mutating func write(_ prefix: String, _ identifier: Identifier?) {
        guard let identifier else { return }
        write(prefix)
        write(identifier)
    }

    mutating func write(_ name: QualifiedName) {
        write(name.parts, separator: ".") { $0.write($1) }
    }

    mutating func writeList(_ identifiers: [Identifier]) {
        writeList(identifiers) { $0.write($1) }
    }

    static func spelling(of identifier: Identifier) -> String {
        let isWord = !identifier.text.isEmpty && identifier.text.utf8.allSatisfy(isWordByte)
        if !identifier.isQuoted, isWord { return identifier.text }
        var quoted = "`"
        for scalar in identifier.text.unicodeScalars {
            if scalar == "`" { quoted += "`" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "`"
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    // MARK: Strings

    mutating func writeString(_ value: String) {
        write(Self.quoted(value))
    }

    /// Returns a string literal with that value.
    static func quoted(_ value: String) -> String {
        var quoted = "'"
        var iterator = value.unicodeScalars.makeIterator()
        var next = iterator.next()
        while let scalar = next {
            next = iterator.next()
            switch scalar {
            case "'": quoted += "''"
            case "\\": quoted += next == "%" || next == "_" ? "\\" : "\\\\"
            case "\0": quoted += "\\0"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\u{1A}": quoted += "\\Z"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "'"
    }

    // MARK: Clauses that many statements share

    /// Writes ` keyword (k = v, ..)` if there are any properties.
    mutating func write(_ keyword: String, _ properties: [Property]) {
        guard !properties.isEmpty else { return }
        write(keyword)
        writeProperties(properties)
    }

    mutating func writeProperties(_ properties: [Property]) {
        writeList(properties) { printer, property in
            printer.writeString(property.key)
            printer.write(" = ")
            printer.writeString(property.value)
        }
    }

    mutating func writeComment(_ comment: String?) {
        guard let comment else { return }
        write(" COMMENT ")
        writeString(comment)
    }

    /// Writes ` keyword expression` if there is an expression.
    mutating func write(_ keyword: String, _ expression: Expression?) {
        guard let expression else { return }
        write(keyword)
        write(expression)
    }
}

extension Statement {
    /// Writes the statement as SQL; `||` is written only where the options give it that meaning.
    package func sql(options: SyntaxOptions = SyntaxOptions()) -> String {
        var printer = Printer(options: options)
        printer.write(self)
        return printer.text
    }
}

extension Statement.Kind {
    /// Writes the statement as SQL.
    package var sql: String {
        Statement(kind: self, range: TextRange(start: 0, end: 0)).sql()
    }
}

extension Query {
    /// Writes the query as SQL.
    package func sql(options: SyntaxOptions = SyntaxOptions()) -> String {
        var printer = Printer(options: options)
        printer.write(self)
        return printer.text
    }
}

extension Expression {
    /// Writes the expression as SQL.
    package func sql(options: SyntaxOptions = SyntaxOptions()) -> String {
        var printer = Printer(options: options)
        printer.write(self)
        return printer.text
    }
}

extension TypeName {
    /// Writes the type as SQL.
    package var sql: String {
        var printer = Printer(options: SyntaxOptions())
        printer.write(self)
        return printer.text
    }
}

extension QualifiedName {
    /// Writes the name with the quotes that it was written with.
    package var sql: String { parts.map(Printer.spelling).joined(separator: ".") }
}

extension CreateFunction {
    /// Returns the statement that makes the function.
    package func sql(options: SyntaxOptions = SyntaxOptions()) -> String {
        Statement(kind: .createFunction(self), range: name.range).sql(options: options)
    }
}

extension Identifier {
    /// The name as it stands in SQL, with its quotes.
    package var sql: String { Printer.spelling(of: self) }
}
