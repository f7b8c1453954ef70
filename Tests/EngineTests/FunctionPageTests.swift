// The rows of functions: every example gives the result that stands beside it, and the page
// docs/functions.md says what the rows say.

import Foundation
import Starling
import StarlingFunctions
import StarlingTypes
import Testing

struct FunctionPageTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        + "/docs/functions.md"

    @Test func everyExampleGivesItsResult() throws {
        let session = Database().makeSession()
        let registry = FunctionRegistry.builtin
        let examples =
            registry.scalars.flatMap(\.examples) + registry.aggregates.flatMap(\.examples)
        for example in examples {
            do {
                let result = try session.execute("SELECT \(example.expression)")
                let text = result.chunks[0].columns[0].value(at: 0)
                    .text(as: result.columns[0].type)
                #expect(text ?? "NULL" == example.result, "\(example.expression)")
            } catch {
                Issue.record("\(example.expression): \(error)")
            }
        }
        #expect(examples.count > 200)
    }

    @Test func pageSaysWhatTheRowsSay() throws {
        let page = FunctionPage.markdown()
        if ProcessInfo.processInfo.environment["STARLING_WRITE_PAGES"] != nil {
            try page.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(
            written == page,
            "STARLING_WRITE_PAGES=1 tools/test --filter FunctionPageTests writes docs/functions.md")
    }
}
