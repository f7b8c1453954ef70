// A smoke run of the parser's fuzzer: mutated statements must parse or fail with an error, and what
// parses must come back from its printed form.

import StarlingErrors
import StarlingSyntax
import Testing

struct ParserFuzzTests {
    /// Gives the same numbers in every run.
    private struct Generator {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let snippets: [String] =
        [
            "(", ")", "[", "]", "{", "}", ",", ".", ";", "'", "\"", "`", "->", "->>", "::", "=>",
            "?", ":", "@",
            "@@", "/*+", "/*", "*/", "--", "\n", "\\", "$$", "$1", "0x", "1e", "1.", ".5", "x'",
            "é", "名",
            "\u{3000}", "\0", "<", ">>", "<=>", "||", "!", "~", "*", "...",
        ] + Keyword.completions

    @Test(arguments: 0..<8)
    func mutatedStatementsNeverCrash(seed: Int) {
        var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        for _ in 0..<10_000 {
            let text = mutate(Corpus.all[generator.below(Corpus.all.count)], &generator)
            let options = SyntaxOptions(
                ansiQuotes: generator.below(4) == 0, pipesAsConcat: generator.below(4) == 0)
            _ = splitStatements(text, options: options)
            do {
                for statement in try parseStatements(text, options: options) {
                    expectReturn(statement, of: text, options)
                }
            } catch {
                checkError(error, text)
            }
        }
    }

    private func expectReturn(_ statement: Statement, of text: String, _ options: SyntaxOptions) {
        let printed = statement.sql(options: options)
        do {
            let again = try parseStatement(printed, options: options)
            #expect(again == statement, "\(text)\n\(printed)")
        } catch {
            Issue.record("\(error)\n\(text)\n\(printed)")
        }
    }

    private func checkError(_ error: StarlingError, _ text: String) {
        #expect(error.kind == .syntax)
        #expect(!error.rendered(in: text).isEmpty)
        if let range = error.range {
            #expect(range.start >= 0 && range.start <= range.end && range.end <= text.utf8.count)
        }
    }

    private func mutate(_ text: String, _ generator: inout Generator) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...generator.below(4) {
            let place = generator.below(bytes.count + 1)
            switch generator.below(5) {
            case 0 where place < bytes.count: bytes.remove(at: place)
            case 1:
                let snippet = Self.snippets[generator.below(Self.snippets.count)]
                bytes.insert(contentsOf: " \(snippet) ".utf8, at: place)
            case 2:
                let snippet = Self.snippets[generator.below(Self.snippets.count)]
                bytes.insert(contentsOf: snippet.utf8, at: place)
            case 3:
                let end = min(bytes.count, place + generator.below(12))
                bytes.removeSubrange(place..<end)
            default:
                let other = Array(Corpus.all[generator.below(Corpus.all.count)].utf8)
                let from = generator.below(other.count)
                let to = min(other.count, from + generator.below(30))
                bytes.insert(contentsOf: other[from..<to], at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
