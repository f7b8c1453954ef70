// What a text is to those who search it: terms, each at a position. An analyzer cuts the text into
// tokens, brings them into small letters, leaves out words that say nothing and cuts off endings, as
// its description says. The same analyzer runs over stored texts and over what is sought in them.
//
// A description is a short text, so that it can stand in an index, in a plan and in a log:
//
//   none               the whole text is one term, as it is written
//   standard           words as Unicode has them, each sign of Chinese and Japanese a word, small letters
//   english            runs of letters and digits, small letters, without the most frequent words
//   english:stem       the same, without endings, by Snowball's algorithm for English
//   cjk                pairs of neighbouring signs of Chinese, Japanese and Korean; other words whole
//   ngram:2:3          all runs of two and three characters, small letters
//   chain:…            a tokenizer and filters that a user has put together (`AnalyzerChain`)

/// Cuts texts into terms.
package struct Analyzer: Sendable, Hashable {
    /// Says where tokens begin and end.
    package enum Tokenizer: Sendable, Hashable {
        case whole
        case words
        case letters
        case bigrams
        case grams(ClosedRange<Int>)
        case whitespace
    }

    /// Changes or drops tokens.
    package enum Filter: Sendable, Hashable {
        case lowercase
        case stop(Set<[UInt8]>)
        case stem
        case length(ClosedRange<Int>)
        case removePunctuation
    }

    /// Says it again, in one spelling.
    package let description: String
    package let tokenizer: Tokenizer
    package let filters: [Filter]
    /// What happens to the text before it is cut.
    package let characterFilters: [CharacterFilter]
    /// True where one of the filters brings terms into small letters.
    let lowercases: Bool

    /// The longest run of characters that is a term of its own.
    package static let gramCountMax = 32
    package static let gramWidthMax = 16

    package static let standard = Analyzer("standard", .words, [.lowercase])
    package static let none = Analyzer("none", .whole, [])

    /// The names of those that need no CREATE TEXT ANALYZER.
    package static let names = ["none", "standard", "english", "chinese", "cjk", "ngram"]

    init(
        _ description: String, _ tokenizer: Tokenizer, _ filters: [Filter],
        characterFilters: [CharacterFilter] = []
    ) {
        self.description = description
        self.tokenizer = tokenizer
        self.filters = filters
        lowercases = filters.contains(.lowercase)
        self.characterFilters = characterFilters.map(\.prepared)
    }

    /// Reads a description; nil where it is none.
    package init?(_ text: String) {
        if text.hasPrefix(AnalyzerChain.prefix) {
            guard let chain = AnalyzerChain(description: text) else { return nil }
            self = chain.analyzer
            return
        }
        let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        switch (parts.first.map(String.init), parts.count) {
        case ("none", 1): self = .none
        case ("standard", 1): self = .standard
        case ("english", 1):
            self.init("english", .letters, [.lowercase, .stop(StopWords.english)])
        case ("english", 2) where parts[1] == "stem":
            self.init("english:stem", .letters, [.lowercase, .stop(StopWords.english), .stem])
        case ("cjk", 1), ("chinese", 1): self.init("cjk", .bigrams, [.lowercase])
        case ("ngram", 3):
            guard let least = Int(parts[1]), let most = Int(parts[2]),
                let sizes = Self.gramSizes(least, most)
            else { return nil }
            self.init("ngram:\(least):\(most)", .grams(sizes), [.lowercase])
        case ("ngram", 1): self.init("ngram:2:3", .grams(2...3), [.lowercase])
        default: return nil
        }
    }

    /// The sizes of grams; nil where they are too large or too many.
    package static func gramSizes(_ least: Int, _ most: Int) -> ClosedRange<Int>? {
        guard least >= 1, least <= most, most <= gramCountMax, most - least <= gramWidthMax else {
            return nil
        }
        return least...most
    }
}

extension Analyzer: CustomStringConvertible {}
