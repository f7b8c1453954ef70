// Names as the text spells them. What a name means, and whether letter case counts, is the
// binder's business.

import StarlingErrors

/// Holds one name with its original spelling.
package struct Identifier: Sendable {
    /// The name without quotes, escapes resolved.
    package var text: String
    package var isQuoted: Bool
    package var range: TextRange

    package init(_ text: String, isQuoted: Bool = false, range: TextRange) {
        self.text = text
        self.isQuoted = isQuoted
        self.range = range
    }
}

extension Identifier: Hashable {
    /// Compares what is said, not where it stands; so does every node of the tree.
    package static func == (left: Identifier, right: Identifier) -> Bool {
        left.text == right.text && left.isQuoted == right.isQuoted
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(isQuoted)
    }
}

/// Holds a dotted name, `catalog.database.table` or `table.column.field`, with one or more parts.
package struct QualifiedName: Sendable, Hashable {
    package var parts: [Identifier]

    package init(_ parts: [Identifier]) {
        precondition(!parts.isEmpty, "a name has at least one part")
        self.parts = parts
    }

    /// Covers all parts.
    package var range: TextRange { parts[0].range.union(parts[parts.count - 1].range) }

    package var last: Identifier { parts[parts.count - 1] }

    /// Returns the only part's text, or nil where there is a qualifier.
    package var simpleText: String? { parts.count == 1 ? parts[0].text : nil }
}

/// Holds the name that a query gives to a table and, where it does, to its columns.
package struct TableAlias: Sendable, Hashable {
    package var name: Identifier
    package var columns: [Identifier]
}
