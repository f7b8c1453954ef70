// The words that a parse has asked for. What was written instead of one of them is known only when
// the parse has failed, so that a text with an error is parsed once more with this at hand.

import StarlingErrors

/// Lists, for each token, the words that would have fitted there.
final class WordTrials {
    private var words: [Int: Set<String>] = [:]
    private static let tokenCountMax = 4_096

    func note(_ word: String, at token: Int) {
        // The error stands near the end of what was looked at.
        if words.count > Self.tokenCountMax {
            words = words.filter { $0.key > token - Self.tokenCountMax / 2 }
        }
        words[token, default: []].insert(word)
    }

    func words(at token: Int) -> Set<String> { words[token] ?? [] }
}

extension Parser {
    /// Parses all of a text with `parse`; what cannot be parsed is looked at again for the message.
    static func parsing<Tree>(
        _ bytes: [UInt8], _ range: TextRange, _ options: SyntaxOptions,
        _ parse: (inout Parser) throws(StarlingError) -> Tree
    ) throws(StarlingError) -> Tree {
        let beginning = try Parser(bytes: bytes, range: range, options: options)
        do throws(StarlingError) {
            var parser = beginning
            return try parse(&parser)
        } catch {
            guard error.kind == .syntax else { throw error }
            var parser = beginning
            parser.trials = WordTrials()
            return try parse(&parser)
        }
    }
}
