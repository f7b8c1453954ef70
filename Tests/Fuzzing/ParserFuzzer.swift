// Mutated statements parse or fail with a syntax error, and what parses comes back from its printed
// form.

import StarlingErrors
import StarlingSyntax
import StarlingTestSupport

package final class ParserFuzzer: Fuzzer {
    package static let name = "parser"
    package static let summary = "mutated SQL texts through lexer, parser, printer and splitter"
    package static let smokeRoundCount = 8_000

    package init(folder: String) {}

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        TextMutation.bytes(of: chance.pick(Corpus.all), others: Corpus.all, &chance)
    }

    package func run(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        for mode in ["", "ANSI_QUOTES", "PIPES_AS_CONCAT"] {
            let options = SyntaxOptions(sqlMode: mode)
            _ = splitStatements(text, options: options)
            _ = completeness(of: text, options: options)
            let statements: [Statement]
            do {
                statements = try parseStatements(text, options: options)
            } catch {
                try check(error, text)
                continue
            }
            for statement in statements { try expectReturn(statement, options) }
        }
    }

    private func check(_ error: StarlingError, _ text: String) throws {
        guard error.kind == .syntax, !error.rendered(in: text).isEmpty else {
            throw FuzzFailure("parsing ends with \(error)")
        }
        guard let range = error.range else { return }
        guard range.start >= 0, range.start <= range.end, range.end <= text.utf8.count else {
            throw FuzzFailure("an error is outside of the text: \(error)")
        }
    }
}

/// Expects that the printed form of a tree is read as the same tree, and printed the same.
func expectReturn(_ statement: Statement, _ options: SyntaxOptions) throws {
    let printed = statement.sql(options: options)
    let again: Statement
    do {
        again = try parseStatement(printed, options: options)
    } catch {
        throw FuzzFailure("what was printed is not read again: \(error)\n\(printed)")
    }
    guard again == statement else {
        throw FuzzFailure("another tree comes back from its printed form:\n\(printed)")
    }
    guard again.sql(options: options) == printed else {
        throw FuzzFailure("printed differently the second time:\n\(printed)")
    }
}
