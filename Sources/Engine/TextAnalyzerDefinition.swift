// The JSON that CREATE TEXT ANALYZER is given, in StarRocks' words: char filters, a tokenizer and token
// filters, each an object with its "type".

import StarlingAnalyzers
import StarlingErrors
import StarlingFields

/// Reads the definition of an analyzer.
struct TextAnalyzerDefinition {
    private static let byteCountMax = 64 << 10
    private static let componentCountMax = 16
    private static let replacementCountMax = 256
    private static let stopWordCountMax = 1_024
    private static let tokenizers = ["standard", "letter", "whitespace", "cjk", "ngram", "none"]
    private static let filters = ["lowercase", "stop", "length", "stem", "remove_punctuation"]

    private(set) var chain: AnalyzerChain

    init(_ text: String) throws(StarlingError) {
        guard text.utf8.count <= Self.byteCountMax else {
            throw Self.error("has more than 64 KiB")
        }
        let tree: JSONTree
        do throws(JSONCursor.Fault) { tree = try JSONTree(parsing: Array(text.utf8)) } catch {
            throw Self.error("is no JSON: \(error.reason)")
        }
        guard case .object(let members) = tree else { throw Self.error("is no JSON object") }
        for (key, _) in members where !["char_filter", "tokenizer", "token_filter"].contains(key) {
            throw Self.error("has '\(key)' beside char_filter, tokenizer and token_filter")
        }
        chain = AnalyzerChain(try Self.tokenizer(tree["tokenizer"]))
        let characterFilters = try Self.components(tree["char_filter"], "char_filter")
        let tokenFilters = try Self.components(tree["token_filter"], "token_filter")
        guard characterFilters.count + tokenFilters.count < Self.componentCountMax else {
            throw Self.error("has more than \(Self.componentCountMax) components")
        }
        for component in characterFilters { try add(characterFilter: component) }
        for component in tokenFilters { try add(tokenFilter: component) }
    }

    private static func error(_ message: String) -> StarlingError {
        StarlingError(.binding, "the definition of the analyzer \(message)")
    }

    private static func unknown(
        _ what: String, _ type: String, _ known: [String]
    ) -> StarlingError {
        let near = nearestName(to: type, among: known)
        return error(
            "has the \(what) '\(type)', which there is none of"
                + (near.map { "; did you mean '\($0)'?" }
                    ?? "; there are \(known.joined(separator: ", "))"))
    }

    private static func components(
        _ tree: JSONTree?, _ name: String
    ) throws(StarlingError) -> [JSONTree] {
        guard let tree else { return [] }
        guard let list = tree.array else { throw error("has a \(name) that is no list") }
        return list
    }

    private static func type(of component: JSONTree) throws(StarlingError) -> String {
        guard let type = component["type"]?.string else { throw error("has a part without 'type'") }
        return type.lowercased()
    }

    private static func tokenizer(
        _ tree: JSONTree?
    ) throws(StarlingError) -> Analyzer.Tokenizer {
        guard let tree else { return .words }
        let type = try type(of: tree)
        if type == "ngram" {
            let least = tree["min_gram"]?.integer ?? 2
            let most = tree["max_gram"]?.integer ?? max(least, 3)
            guard let sizes = Analyzer.gramSizes(least, most) else {
                throw error("has runs of \(least) to \(most) characters; 1 to 32 are possible")
            }
            return .grams(sizes)
        }
        guard let tokenizer = AnalyzerChain.tokenizer(type) else {
            throw unknown("tokenizer", type, tokenizers)
        }
        return tokenizer
    }

    private mutating func add(characterFilter tree: JSONTree) throws(StarlingError) {
        switch try Self.type(of: tree) {
        case "mapping": try add(mappings: tree)
        case "unicode_normalize":
            let known = UnicodeForm.allCases.map(\.rawValue)
            guard let name = tree["form"]?.string?.lowercased() else {
                throw Self.error(
                    "has a unicode_normalize without 'form'; there are "
                        + known.joined(separator: ", "))
            }
            guard let form = UnicodeForm(rawValue: name) else {
                throw Self.unknown("form", name, known)
            }
            chain.add(form)
        case let type:
            throw Self.unknown("char_filter", type, ["mapping", "unicode_normalize"])
        }
    }

    private mutating func add(mappings tree: JSONTree) throws(StarlingError) {
        for element in tree["mappings"]?.array ?? [] {
            let sides = Self.sides(of: element.string ?? "")
            guard let (old, new) = sides, !old.isEmpty else {
                throw Self.error("has a mapping that is not 'old => new'")
            }
            chain.add(CharacterFilter.Replacement(Array(old.utf8), by: Array(new.utf8)))
        }
        guard chain.replacementCount <= Self.replacementCountMax else {
            throw Self.error("has more than \(Self.replacementCountMax) mappings")
        }
    }

    /// Parts `C++ => cpp`.
    private static func sides(of mapping: String) -> (old: String, new: String)? {
        var rest = mapping[...]
        while !rest.isEmpty, !rest.hasPrefix("=>") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        return (trimmed(mapping[..<rest.startIndex]), trimmed(rest.dropFirst(2)))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }

    private mutating func add(tokenFilter tree: JSONTree) throws(StarlingError) {
        let type = try Self.type(of: tree)
        switch type {
        case "lowercase": chain.filters.append(.lowercase)
        case "stem": chain.filters.append(.stem)
        case "remove_punctuation": chain.filters.append(.removePunctuation)
        case "stop":
            let words = (tree["stopwords"]?.array ?? []).compactMap(\.string)
            guard words.count <= Self.stopWordCountMax else {
                throw Self.error("has more than \(Self.stopWordCountMax) stop words")
            }
            chain.filters.append(.stop(Set(words.map { Array($0.utf8) })))
        case "length":
            let (least, most) = (tree["min"]?.integer ?? 1, tree["max"]?.integer ?? 255)
            guard least >= 0, least <= most else {
                throw Self.error("has a length of \(least) to \(most)")
            }
            chain.filters.append(.length(least...most))
        default: throw Self.unknown("token_filter", type, Self.filters)
        }
    }
}
