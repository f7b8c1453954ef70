// Changes that leave most of a statement as it was, so that it gets deep before it fails.

import StarlingSyntax
import StarlingTestSupport

/// Mutates SQL texts.
enum TextMutation {
    private static let snippets: [String] =
        [
            "(", ")", "[", "]", "{", "}", ",", ".", ";", "'", "\"", "`", "->", "->>", "::", "=>",
            "?", ":", "@", "@@", "/*+", "/*", "*/", "--", "\n", "\\", "$$", "$1", "0x", "1e", "1.",
            ".5", "x'", "é", "名", "\u{3000}", "\0", "<", ">>", "<=>", "||", "!", "~", "*", "...",
        ] + Keyword.completions

    /// Changes bytes: removes, inserts and replaces some, or takes a piece of another text.
    static func bytes(
        of text: String, others: [String], _ chance: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0...chance.below(4) {
            let place = chance.below(bytes.count + 1)
            switch chance.below(6) {
            case 0 where place < bytes.count: bytes.remove(at: place)
            case 1: bytes.insert(contentsOf: " \(chance.pick(snippets)) ".utf8, at: place)
            case 2: bytes.insert(contentsOf: chance.pick(snippets).utf8, at: place)
            case 3:
                let end = min(bytes.count, place + chance.below(12))
                bytes.removeSubrange(place..<end)
            case 4 where place < bytes.count: bytes[place] = UInt8(chance.below(256))
            default:
                let other = Array(chance.pick(others).utf8)
                let from = chance.below(other.count)
                let to = min(other.count, from + chance.below(30))
                bytes.insert(contentsOf: other[from..<to], at: place)
            }
        }
        return bytes
    }

    /// Changes whole words, and groups of words in parentheses, so that most results still parse.
    static func words(
        of text: String, others: [String], _ chance: inout SeededGenerator
    ) -> String {
        var words = split(text)
        guard !words.isEmpty else { return text }
        for _ in 0...chance.below(3) {
            let donor = split(chance.pick(others))
            let place = group(in: words, &chance)
            guard !donor.isEmpty else { continue }
            switch chance.below(5) {
            case 0: words.replaceSubrange(place, with: donor[group(in: donor, &chance)])
            case 1: words.replaceSubrange(place, with: [chance.pick(donor)])
            case 2: words.replaceSubrange(place, with: words[group(in: words, &chance)])
            case 3: words.removeSubrange(place)
            default: words.replaceSubrange(place, with: [chance.pick(literals)])
            }
            if words.isEmpty { break }
        }
        return words.joined(separator: " ")
    }

    private static let literals = [
        "NULL", "0", "1", "-1", "0.5", "1e300", "9223372036854775807", "-9223372036854775808",
        "170141183460469231731687303715884105727", "99999999999999999999999999999999999999",
        "''", "'a'", "'2024-02-29'", "DATE '9999-12-31'", "DATE '0000-01-01'",
        "CAST('9999-12-31 23:59:59.999999' AS DATETIME)", "TRUE", "INTERVAL 1 MONTH", "'%_'",
        "CAST(1 AS DECIMAL(38, 37))", "(SELECT 1)", "(SELECT NULL WHERE FALSE)", "count(*)", "*",
        "[1, 2]", "map{1: 2}", "?",
    ]

    /// Returns a word, or a group in parentheses with its words.
    private static func group(
        in words: [String], _ chance: inout SeededGenerator
    ) -> Range<Int> {
        let start = chance.below(words.count)
        guard words[start] == "(" else { return start..<(start + 1) }
        var depth = 0
        for place in start..<words.count {
            if words[place] == "(" { depth += 1 }
            if words[place] == ")" { depth -= 1 }
            if depth == 0 { return start..<(place + 1) }
        }
        return start..<words.count
    }

    /// Splits a text at spaces and signs; quoted pieces stay whole.
    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var current = ""
        var quote: Character?
        for character in text {
            if let open = quote {
                current.append(character)
                if character == open {
                    words.append(current)
                    current = ""
                    quote = nil
                }
            } else if character == "'" || character == "\"" || character == "`" {
                if !current.isEmpty { words.append(current) }
                current = String(character)
                quote = character
            } else if character.isLetter || character.isNumber || "_.$@".contains(character) {
                current.append(character)
            } else {
                if !current.isEmpty { words.append(current) }
                current = ""
                if !character.isWhitespace { words.append(String(character)) }
            }
        }
        if !current.isEmpty { words.append(current) }
        return words
    }
}
