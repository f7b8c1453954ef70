// Types as they are written; which type a name means is decided where types are known.

import StarlingErrors

/// Holds a type's name with its parameters: `DECIMAL(10, 2)`, `ARRAY<INT>`, `STRUCT<a INT>`.
package struct TypeName: Sendable {
    /// Holds one field of a STRUCT.
    package struct Field: Sendable, Hashable {
        package var name: Identifier
        package var type: TypeName
        package var comment: String?
    }

    /// The name in upper case, one blank between words: `INT`, `DOUBLE PRECISION`.
    package var name: String
    /// Numbers in parentheses: precision and scale, or a length. `VARCHAR(*)` has none.
    package var parameters: [Int] = []
    /// The types in angle brackets of ARRAY (one) and MAP (two), and those in parentheses of an
    /// aggregate's states: `avg(int)`.
    package var elements: [TypeName] = []
    /// The fields of STRUCT.
    package var fields: [Field] = []
    package var isUnsigned = false
    package var range: TextRange
}

extension TypeName {
    /// The bytes of VARCHAR(MAX).
    static let varcharLengthMax = 1_048_576

    /// Makes a type of types, which stands nowhere in a text.
    package init(_ name: String, of elements: [TypeName]) {
        self.init(name: name, elements: elements, range: TextRange(start: 0, end: 0))
    }

    /// Makes a STRUCT, which stands nowhere in a text.
    package init(fields: [(name: String, type: TypeName)]) {
        let place = TextRange(start: 0, end: 0)
        self.init(
            name: "STRUCT",
            fields: fields.map {
                Field(name: Identifier($0.name, isQuoted: true, range: place), type: $0.type)
            }, range: place)
    }
}

extension TypeName: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: TypeName, right: TypeName) -> Bool {
        left.name == right.name && left.parameters == right.parameters
            && left.elements == right.elements && left.fields == right.fields
            && left.isUnsigned == right.isUnsigned
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(parameters)
        hasher.combine(elements)
        hasher.combine(fields)
        hasher.combine(isUnsigned)
    }
}
