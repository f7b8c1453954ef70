// What stands behind the dot: words with blanks between them. A word, or a part of one behind a
// point, may be put into quotes of any of SQL's three kinds; a quotation mark twice means itself.

import Starling

/// Cuts the line of a dot command into words.
struct CommandLine {
    struct Word {
        /// What stands between points outside quotes: the parts of a name.
        struct Part {
            var text = ""
            var mark: Character?
        }

        var parts = [Part()]

        var text: String { parts.map(\.text).joined(separator: ".") }

        /// The word as SQL has a table: a name, with its database where that is told, or a file in ''.
        var sqlTable: String {
            if parts.count == 1, parts[0].mark == "'" { return quotedText(text) }
            return parts.map { quoted($0.text) }.joined(separator: ".")
        }
    }

    private(set) var words: [Word] = []
    /// The mark of a quotation that isn't closed.
    private(set) var openMark: Character?
    /// True where a blank stands behind the last word.
    private(set) var endsBehindWord = true

    /// Reads a line, the dot left out.
    init(_ line: Substring) {
        var position = line.startIndex
        while position < line.endIndex {
            let character = line[position]
            if character == " " || character == "\t" || character == ";" {
                endsBehindWord = true
                position = line.index(after: position)
                continue
            }
            endsBehindWord = false
            words.append(readWord(line, &position))
        }
    }

    private mutating func readWord(_ line: Substring, _ position: inout String.Index) -> Word {
        var word = Word()
        var isAtPartStart = true
        while position < line.endIndex {
            let character = line[position]
            if character == " " || character == "\t" || character == ";" { break }
            position = line.index(after: position)
            if isAtPartStart, character == "'" || character == "\"" || character == "`" {
                word.parts[word.parts.count - 1] = Word.Part(
                    text: readQuotation(line, &position, character), mark: character)
                isAtPartStart = false
            } else if character == "." {
                word.parts.append(Word.Part())
                isAtPartStart = true
            } else {
                word.parts[word.parts.count - 1].text.append(character)
                isAtPartStart = false
            }
        }
        return word
    }

    /// Reads up to the mark that closes a quotation, which is gone then.
    private mutating func readQuotation(
        _ line: Substring, _ position: inout String.Index, _ mark: Character
    ) -> String {
        var text = ""
        while position < line.endIndex {
            let character = line[position]
            position = line.index(after: position)
            if character == mark {
                guard position < line.endIndex, line[position] == mark else { return text }
                position = line.index(after: position)
            }
            text.append(character)
        }
        openMark = mark
        return text
    }
}
