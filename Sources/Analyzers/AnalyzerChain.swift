// An analyzer that a user has put together, as a text: a tokenizer and filters between `|`. What
// would be taken for something else is written as % and two hexadecimal digits.
//
//   chain:standard|form=nfkc|map=C%2B%2B>cpp|lowercase|stop=a,the|length=1-40|stem|remove_punctuation

/// Describes a tokenizer and filters in their order.
package struct AnalyzerChain: Sendable {
    static let prefix = "chain:"

    package var tokenizer: Analyzer.Tokenizer
    package var filters: [Analyzer.Filter] = []
    package private(set) var characterFilters: [CharacterFilter] = []

    package init(_ tokenizer: Analyzer.Tokenizer) { self.tokenizer = tokenizer }

    /// The analyzer that the chain is.
    package var analyzer: Analyzer {
        Analyzer(description, tokenizer, filters, characterFilters: characterFilters)
    }

    /// Brings texts into a form, after what was added before.
    package mutating func add(_ form: UnicodeForm) { characterFilters.append(.form(form)) }

    /// Replaces a text, together with those that were added just before.
    package mutating func add(_ replacement: CharacterFilter.Replacement) {
        guard case .replacements(let others)? = characterFilters.last else {
            return characterFilters.append(.replacements([replacement]))
        }
        characterFilters[characterFilters.count - 1] = .replacements(others + [replacement])
    }

    package var replacementCount: Int {
        characterFilters.reduce(0) { count, filter in
            if case .replacements(let all) = filter { count + all.count } else { count }
        }
    }

    /// Reads a tokenizer's name; nil where there is none.
    package static func tokenizer(_ name: String) -> Analyzer.Tokenizer? {
        let parts = name.lowercased().split(separator: ":")
        switch (parts.first.map(String.init), parts.count) {
        case ("none", 1), ("keyword", 1): return .whole
        case ("standard", 1): return .words
        case ("letter", 1), ("simple", 1), ("english", 1): return .letters
        case ("whitespace", 1): return .whitespace
        case ("cjk", 1), ("chinese", 1): return .bigrams
        case ("ngram", 3):
            guard let least = Int(parts[1]), let most = Int(parts[2]) else { return nil }
            return Analyzer.gramSizes(least, most).map { .grams($0) }
        default: return nil
        }
    }

    // MARK: As a text

    package var description: String {
        var parts = [Self.name(of: tokenizer)]
        for filter in characterFilters {
            switch filter {
            case .replacements(let all):
                parts += all.map { "map=\(Self.escaped($0.old))>\(Self.escaped($0.new))" }
            case .form(let form): parts.append("form=\(form.rawValue)")
            }
        }
        for filter in filters {
            switch filter {
            case .lowercase: parts.append("lowercase")
            case .stem: parts.append("stem")
            case .removePunctuation: parts.append("remove_punctuation")
            case .length(let lengths):
                parts.append("length=\(lengths.lowerBound)-\(lengths.upperBound)")
            case .stop(let words):
                parts.append("stop=" + words.map(Self.escaped).sorted().joined(separator: ","))
            }
        }
        return Self.prefix + parts.joined(separator: "|")
    }

    private static func name(of tokenizer: Analyzer.Tokenizer) -> String {
        switch tokenizer {
        case .whole: "none"
        case .words: "standard"
        case .letters: "letter"
        case .bigrams: "cjk"
        case .whitespace: "whitespace"
        case .grams(let sizes): "ngram:\(sizes.lowerBound):\(sizes.upperBound)"
        }
    }

    /// Reads a description; nil where it is none.
    init?(description: String) {
        let parts = description.dropFirst(Self.prefix.count)
            .split(separator: "|", omittingEmptySubsequences: false)
        guard let name = parts.first, let tokenizer = Self.tokenizer(String(name)) else {
            return nil
        }
        self.init(tokenizer)
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard add(String(sides[0]), sides.count > 1 ? String(sides[1]) : "") else {
                return nil
            }
        }
    }

    private mutating func add(_ name: String, _ value: String) -> Bool {
        switch name {
        case "lowercase": filters.append(.lowercase)
        case "stem": filters.append(.stem)
        case "remove_punctuation": filters.append(.removePunctuation)
        case "stop":
            let words = value.split(separator: ",").compactMap { Self.plain(String($0)) }
            filters.append(.stop(Set(words)))
        case "length":
            let ends = value.split(separator: "-").compactMap { Int($0) }
            guard ends.count == 2, ends[0] <= ends[1] else { return false }
            filters.append(.length(ends[0]...ends[1]))
        case "map":
            let sides = value.split(separator: ">", omittingEmptySubsequences: false)
            guard sides.count == 2, let old = Self.plain(String(sides[0])), !old.isEmpty,
                let new = Self.plain(String(sides[1]))
            else { return false }
            add(CharacterFilter.Replacement(old, by: new))
        case "form":
            guard let form = UnicodeForm(rawValue: value) else { return false }
            add(form)
        default: return false
        }
        return true
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { text, byte in
            let isPlain =
                byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == 0x2E
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }

    private static func plain(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            result.append(value)
            rest = rest.dropFirst(2)
        }
        return result
    }
}
