import StarlingKernels
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct LikePatternTests {
    private func matches(_ text: String, _ pattern: String, escape: UInt8? = nil) -> Bool {
        let vector = Vector(.string, values: [.text(text)])
        return LikePattern(Array(pattern.utf8), escape: escape).mask(vector).value(at: 0)
            == .boolean(true)
    }

    @Test func knownCases() {
        #expect(matches("forest green", "forest%"))
        #expect(!matches("a forest", "forest%"))
        #expect(matches("x special y requests z", "%special%requests%"))
        #expect(!matches("x requests special", "%special%requests%"))
        #expect(matches("ä", "_"))
        #expect(!matches("ä", "__"))
        #expect(matches("100%", "100\\%"))
        #expect(!matches("1000", "100\\%"))
        #expect(matches("a_c", "a|_c", escape: UInt8(ascii: "|")))
        #expect(!matches("abc", "a|_c", escape: UInt8(ascii: "|")))
        #expect(matches("", "%"))
        #expect(matches("", ""))
        #expect(!matches("x", ""))
        #expect(!matches("ab", "ab%ab"))
    }

    @Test func randomPatternsAgreeWithTheReference() {
        var generator = SeededGenerator(seed: 41)
        let textLetters: [Unicode.Scalar] = ["a", "b", "ä", "€"]
        let patternLetters: [Unicode.Scalar] = ["a", "b", "ä", "%", "_", "%", "\\"]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                textLetters.randomElement(using: &generator)!
            }
            let pattern = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                patternLetters.randomElement(using: &generator)!
            }
            let expected = referenceLike(text[...], pattern[...], escape: "\\")
            let texts = [text, pattern].map { String(String.UnicodeScalarView($0)) }
            #expect(matches(texts[0], texts[1]) == expected, "\(texts[0]) LIKE \(texts[1])")
        }
    }

    @Test func samplesMatchAsTheReferenceSays() {
        let patterns = [
            "", "%", "_", "abc", "abc%", "%z", "%c_e%", "abcdefghijkl%", "%m%z", "____", "äö__%",
            "%€%",
            "a%b%c%", "\\%", "zeta",
        ]
        withEvery("pattern", in: patterns) { pattern in
            let like = LikePattern(Array(pattern.utf8), escape: nil)
            withEverySample(of: .string) { column, _ in
                let expected = column.values.map { value in
                    value.text.map { text in
                        Value.boolean(
                            referenceLike(
                                Array(text.unicodeScalars)[...], Array(pattern.unicodeScalars)[...],
                                escape: "\\"))
                    } ?? .null
                }
                #expect(like.mask(column.vector).allValues == expected, TestTrace.comment)
            }
        }
    }

    @Test func longTextsAreSearched() {
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200] {
            let filler = String(repeating: "n", count: length)
            for tail in [0, 1, 20, 70] {
                let text = filler + "needle" + String(repeating: "d", count: tail)
                #expect(matches(text, "%needle%"))
                #expect(matches(text, "%e%dl%"))
                #expect(!matches(text, "%needles%"))
            }
        }
    }
}
