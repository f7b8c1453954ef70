// Analyzers on texts that may be anything, and their descriptions.

import StarlingAnalyzers
import Testing

@Suite struct AnalyzerTests {
    private static let descriptions = [
        "none", "standard", "english", "english:stem", "cjk", "ngram:2:3", "ngram:1:1",
        "chain:whitespace|map=C%2B%2B>cpp|lowercase|stop=a,the|length=1-10",
        "chain:standard|lowercase|stem|remove_punctuation",
    ]

    @Test(arguments: descriptions)
    func descriptionsSayThemselvesAgain(_ text: String) throws {
        let analyzer = try #require(Analyzer(text))
        let again = try #require(Analyzer(analyzer.description))
        #expect(again == analyzer)
        #expect(again.description == analyzer.description)
    }

    @Test func wrongDescriptionsAreNone() {
        for text in ["", "english:", "ngram:3:2", "ngram:0:1", "ngram:2:40", "chain:", "german"] {
            #expect(Analyzer(text) == nil, "\(text)")
        }
    }

    /// Tokens lie in the text in order, and whatever the bytes are, nothing traps.
    @Test(arguments: descriptions)
    func anyBytesHaveTokensInOrder(_ text: String) throws {
        let analyzer = try #require(Analyzer(text))
        var random = SystemRandomNumberGenerator()
        let pieces: [[UInt8]] = [
            Array("Word".utf8), Array(" ".utf8), Array("中国".utf8), Array("e\u{301}".utf8),
            [0xFF], [0xE4, 0xB8], [0x80], Array("3.5".utf8), Array("カナ".utf8), [0x27], [0x5F],
            Array("한글".utf8), Array("C++".utf8), [0], Array("\u{1F600}".utf8),
        ]
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...8, using: &random)
            let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &random)! }
            for purpose in [Analyzer.Purpose.storing, .seeking] {
                let list = analyzer.tokens(of: bytes, for: purpose)
                var last = 0
                for number in list.tokens.indices {
                    let token = list.tokens[number]
                    #expect(token.position >= last)
                    #expect(token.start < token.end)
                    #expect(!list.term(number).isEmpty)
                    last = token.position
                }
            }
        }
    }

    /// What is found in a text is found in it by all of its own terms.
    @Test(arguments: descriptions)
    func textsHaveTheirOwnTerms(_ text: String) throws {
        let analyzer = try #require(Analyzer(text))
        for sample in ["Quick brown foxes", "我是中国人", "C++ and 3.5 %", "don't stop"] {
            let bytes = Array(sample.utf8)
            if analyzer.tokens(of: bytes, for: .seeking).isEmpty { continue }
            for operation in [MatchOperator.all, .any, .phrase] {
                var matcher = TextMatcher(try TextQuery(operation, bytes, analyzer), analyzer)
                let isFound = bytes.withUnsafeBytes { matcher.matches($0) }
                #expect(isFound, "\(operation) \(sample)")
            }
        }
    }
}
