// Deep statements that a grammar makes, in which every operator meets every other on each side:
// what the printer has to put in parentheses.

import StarlingErrors
import StarlingSyntax
import StarlingTestSupport

package final class PrinterFuzzer: Fuzzer {
    package static let name = "printer"
    package static let summary = "queries made by a grammar: parse, print and parse again"
    package static let smokeRoundCount = 2_000

    package init(folder: String) {}

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        var maker = SentenceMaker(chance)
        return Array(maker.query(depth: 3).utf8)
    }

    package func run(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        for mode in ["", "PIPES_AS_CONCAT"] {
            let options = SyntaxOptions(sqlMode: mode)
            let statement: Statement
            do {
                statement = try parseStatement(text, options: options)
            } catch {
                // The grammar leaves out parentheses where an operator may need them.
                guard error.kind == .syntax else { throw FuzzFailure("\(error)\n\(text)") }
                continue
            }
            try expectReturn(statement, options)
        }
    }
}
