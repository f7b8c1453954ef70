// Which tables and files an unfinished statement names. It cannot be parsed yet, so its words must
// do.

import Starling

package struct StatementNames {
    /// The tables behind FROM, JOIN and their like, with their aliases; files in their quotes.
    package private(set) var tables: [(name: String, alias: String?)] = []

    private static let introductions: Set = [
        "from", "join", "into", "update", "table", "desc", "describe",
    ]
    private static let clauses: Set = [
        "where", "join", "on", "using", "group", "order", "limit", "having", "select", "left",
        "right", "full", "inner", "outer", "cross", "natural", "set", "values", "union", "as",
        "qualify", "window",
    ]

    package init(_ text: String) {
        let words = Self.words(of: text)
        var position = 0
        while position < words.count {
            defer { position += 1 }
            guard Self.introductions.contains(words[position].lowercased()) else { continue }
            position += 1
            // A list of tables, each with an alias if it has one.
            while position < words.count {
                let name = words[position]
                guard name.first?.isWordPart == true || name.first == "`" || name.first == "'",
                    !Self.clauses.contains(name.lowercased())
                else { break }
                var alias: String?
                var next = position + 1
                if next < words.count, words[next].lowercased() == "as" { next += 1 }
                if next < words.count, words[next].first?.isWordPart == true,
                    !Self.clauses.contains(words[next].lowercased())
                {
                    alias = words[next]
                    next += 1
                }
                tables.append((name.filter { $0 != "`" }, alias))
                guard next < words.count, words[next] == "," else {
                    position = next - 1
                    break
                }
                position = next + 1
            }
        }
    }

    /// Finds the table that a name or an alias means.
    package func table(named name: String) -> String? {
        let name = name.lowercased()
        return tables.first { $0.alias?.lowercased() == name || $0.name.lowercased() == name }?
            .name
    }

    /// Tells whether a word begins a clause, or tables.
    static func isClause(_ word: String) -> Bool {
        let word = word.lowercased()
        return introductions.contains(word) || (clauses.contains(word) && word != "as")
    }

    /// Cuts a text into names, texts in quotes and marks.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quotation: Character?
        for character in text {
            if let mark = quotation {
                if character == mark {
                    quotation = nil
                    words.append(quotedText(word))
                    word = ""
                } else {
                    word.append(character)
                }
                continue
            }
            if character.isWordPart || character == "`" {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if character == "'" || character == "\"" {
                quotation = character
            } else if !character.isWhitespace {
                words.append(String(character))
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
