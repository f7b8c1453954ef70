// The text that search() takes: conditions on fields, joined by AND, OR and NOT.
//
//   text := sequence { OR sequence }         sequence := factor { [AND] factor }
//   factor := NOT factor | '(' text ')' | [field ':'] ( value | '(' text ')' )
//   value := word | "phrase" | /regular expression/ | ANY(words) | ALL(words) | IN(words) | EXACT(words) | *
//
// AND binds tighter than OR; between factors without a word stands the operator that was asked for. A
// field in front of parentheses holds for all in them that name none. A backslash lets the next
// character stand for itself.

/// Is what a search text demands.
indirect enum SearchText: Sendable, Hashable {
    /// Says how a value is sought.
    enum Way: String, Sendable {
        case match, any, all, phrase, expression, values, exact, exists
    }

    /// A value in a field; nil is the default one.
    case value(field: String?, Way, String)
    case and([SearchText])
    case or([SearchText])
    case not(SearchText)

    /// Is what is wrong with a text, and after how many characters.
    struct Fault: Error {
        var message: String
        var place: Int
    }

    /// Reads a text.
    init(_ text: String, joinsByAnd: Bool) throws(Fault) {
        var reader = Reader(text, joinsByAnd)
        self = try reader.alternatives(field: nil)
        guard reader.isAtEnd else { throw reader.fault("')' closes nothing") }
    }

    private struct Reader {
        private let characters: [Character]
        private let joinsByAnd: Bool
        private var place = 0
        private var depth = 0

        init(_ text: String, _ joinsByAnd: Bool) {
            characters = Array(text)
            self.joinsByAnd = joinsByAnd
        }

        func fault(_ message: String) -> Fault { Fault(message: message, place: place) }

        private mutating func skipSpace() {
            while place < characters.count, characters[place].isWhitespace { place += 1 }
        }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return place == characters.count
            }
        }

        private mutating func accept(_ character: Character) -> Bool {
            guard !isAtEnd, characters[place] == character else { return false }
            place += 1
            return true
        }

        /// Takes a word such as AND, which stands by itself.
        private mutating func accept(word: String) -> Bool {
            skipSpace()
            let end = place + word.count
            guard end <= characters.count, String(characters[place..<end]).uppercased() == word,
                end == characters.count || characters[end].isWhitespace || characters[end] == "("
            else { return false }
            place = end
            return true
        }

        private mutating func isAtWord(_ word: String) -> Bool {
            let start = place
            defer { place = start }
            return accept(word: word)
        }

        mutating func alternatives(field: String?) throws(Fault) -> SearchText {
            depth += 1
            defer { depth -= 1 }
            guard depth < 100 else { throw fault("it is nested too deeply") }
            var parts = [try sequence(field)]
            while accept(word: "OR") { parts.append(try sequence(field)) }
            return parts.count == 1 ? parts[0] : .or(parts)
        }

        private mutating func sequence(_ field: String?) throws(Fault) -> SearchText {
            var parts = [try factor(field)]
            var others: [SearchText] = []
            while !isAtEnd, characters[place] != ")", !isAtWord("OR") {
                let isAnd = accept(word: "AND")
                let next = try factor(field)
                if isAnd || joinsByAnd {
                    parts.append(next)
                } else {
                    others.append(parts.count == 1 ? parts[0] : .and(parts))
                    parts = [next]
                }
            }
            let last: SearchText = parts.count == 1 ? parts[0] : .and(parts)
            return others.isEmpty ? last : .or(others + [last])
        }

        private mutating func factor(_ field: String?) throws(Fault) -> SearchText {
            if accept(word: "NOT") { return .not(try factor(field)) }
            if accept("(") { return try group(field) }
            guard !isAtEnd else { throw fault("a value is missing") }
            if characters[place] == "\"" { return .value(field: field, .phrase, try quoted()) }
            if let pattern = expression() { return .value(field: field, .expression, pattern) }
            let word = try word(stopsAtColon: true)
            if place < characters.count, characters[place] == ":" {
                place += 1
                guard !word.isEmpty else { throw fault("a field has no name") }
                return try value(of: word)
            }
            return try value(word, field)
        }

        private mutating func group(_ field: String?) throws(Fault) -> SearchText {
            let inner = try alternatives(field: field)
            guard accept(")") else { throw fault("')' is missing") }
            return inner
        }

        private mutating func value(of field: String) throws(Fault) -> SearchText {
            if accept("(") { return try group(field) }
            guard !isAtEnd else { throw fault("field '\(field)' has no value") }
            if characters[place] == "\"" { return .value(field: field, .phrase, try quoted()) }
            if let pattern = expression() { return .value(field: field, .expression, pattern) }
            return try value(try word(stopsAtColon: false), field)
        }

        private mutating func value(
            _ word: String, _ field: String?
        ) throws(Fault) -> SearchText {
            let ways: [String: Way] = ["ANY": .any, "ALL": .all, "IN": .values, "EXACT": .exact]
            if let way = ways[word.uppercased()], place < characters.count,
                characters[place] == "("
            {
                place += 1
                var text = ""
                while place < characters.count, characters[place] != ")" {
                    text.append(characters[place])
                    place += 1
                }
                guard accept(")") else { throw fault("')' is missing") }
                return .value(field: field, way, text)
            }
            guard !word.isEmpty else { throw fault("a value is missing") }
            return .value(field: field, word == "*" ? .exists : .match, word)
        }

        private mutating func quoted() throws(Fault) -> String {
            place += 1
            var text = ""
            while place < characters.count, characters[place] != "\"" {
                if characters[place] == "\\", place + 1 < characters.count { place += 1 }
                text.append(characters[place])
                place += 1
            }
            guard place < characters.count else { throw fault("'\"' is missing") }
            place += 1
            return text
        }

        /// Takes what stands between two slashes, of which the second ends the value.
        private mutating func expression() -> String? {
            guard characters[place] == "/" else { return nil }
            var text = ""
            var next = place + 1
            while next < characters.count {
                if characters[next] == "\\", next + 1 < characters.count {
                    if characters[next + 1] != "/" { text.append("\\") }
                    text.append(characters[next + 1])
                    next += 2
                    continue
                }
                let isEnd =
                    next + 1 == characters.count || characters[next + 1].isWhitespace
                    || characters[next + 1] == ")"
                if characters[next] == "/", isEnd {
                    place = next + 1
                    return text
                }
                text.append(characters[next])
                next += 1
            }
            return nil
        }

        private mutating func word(stopsAtColon: Bool) throws(Fault) -> String {
            skipSpace()
            var text = ""
            while place < characters.count {
                var character = characters[place]
                if character.isWhitespace || character == "(" || character == ")" { break }
                if character == ":", stopsAtColon { break }
                if character == "?" {
                    throw fault("'?' stands for no character; * stands for any, \\? for itself")
                }
                if character == "~" {
                    throw fault("there are no fuzzy terms; * stands for any characters, \\~ for ~")
                }
                if character == "\\", place + 1 < characters.count {
                    place += 1
                    character = characters[place]
                }
                text.append(character)
                place += 1
            }
            return text
        }
    }
}
