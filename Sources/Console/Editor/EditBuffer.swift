// A text that is being typed, with a cursor between its characters. Characters are what a person
// sees as one: an accent typed behind a letter joins it.

/// Holds a text of several lines and the cursor.
package struct EditBuffer {
    package private(set) var characters: [Character] = []
    package private(set) var cursor = 0

    package init() {}

    package var text: String { String(characters) }
    package var isEmpty: Bool { characters.isEmpty }
    package var isAtEnd: Bool { cursor == characters.count }

    /// Replaces everything; the cursor goes to the end.
    package mutating func set(_ text: String) {
        characters = Array(text)
        cursor = characters.count
    }

    package mutating func move(to position: Int) {
        cursor = min(max(position, 0), characters.count)
    }

    package mutating func insert(_ text: String) {
        guard !text.isEmpty else { return }
        let start = max(0, cursor - 1)
        let joined = Array(String(characters[start..<cursor]) + text)
        characters.replaceSubrange(start..<cursor, with: joined)
        cursor = start + joined.count
    }

    /// Removes what lies between the cursor and another place, and returns it.
    @discardableResult
    package mutating func delete(to position: Int) -> String {
        let position = min(max(position, 0), characters.count)
        let range = min(position, cursor)..<max(position, cursor)
        let removed = String(characters[range])
        characters.removeSubrange(range)
        cursor = range.lowerBound
        return removed
    }

    // MARK: Places

    package var lineStart: Int {
        (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1
    }

    package var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

    /// Where the word before the cursor begins; words are letters, digits and underscores.
    package var previousWordStart: Int {
        var position = cursor
        while position > 0, !characters[position - 1].isWordPart { position -= 1 }
        while position > 0, characters[position - 1].isWordPart { position -= 1 }
        return position
    }

    /// Where what stands between blanks before the cursor begins.
    package var previousBlankStart: Int {
        var position = cursor
        while position > 0, characters[position - 1].isWhitespace { position -= 1 }
        while position > 0, !characters[position - 1].isWhitespace { position -= 1 }
        return position
    }

    package var nextWordEnd: Int {
        var position = cursor
        while position < characters.count, !characters[position].isWordPart { position += 1 }
        while position < characters.count, characters[position].isWordPart { position += 1 }
        return position
    }

    // MARK: Lines

    /// Moves to the line above; false where there is none.
    package mutating func moveUp() -> Bool {
        let start = lineStart
        guard start > 0 else { return false }
        let column = cursor - start
        cursor = start - 1
        cursor = min(lineStart + column, cursor)
        return true
    }

    /// Moves to the line below; false where there is none.
    package mutating func moveDown() -> Bool {
        let column = cursor - lineStart
        guard lineEnd < characters.count else { return false }
        cursor = lineEnd + 1
        cursor = min(cursor + column, lineEnd)
        return true
    }
}

extension Character {
    /// Tells whether the character belongs to a word: a name or a number.
    package var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
