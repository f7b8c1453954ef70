// The rows of functions: every example gives the result that stands beside it, and the pages
// docs/functions.md and docs/starrocks-functions.md say what the rows say.

import Foundation
import Starling
import StarlingFunctions
import StarlingTypes
import Testing

struct FunctionPageTests {
    private static let docs =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/docs/"

    @Test func everyExampleGivesItsResult() throws {
        let session = Database().makeSession()
        let registry = FunctionRegistry.builtin
        let examples =
            registry.scalars.flatMap(\.examples) + registry.aggregates.flatMap(\.examples)
            + registry.windows.flatMap(\.examples) + WrittenForm.all.flatMap(\.examples)
            + SessionFunctionRow.all.map(\.example)
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

    @Test(arguments: TableFunctionRow.all.filter { $0.example != nil }.map(\.name))
    func everyTableFunctionGivesItsRows(_ name: String) throws {
        let example = try #require(TableFunctionRow.named(name)?.example)
        let result = try Database().makeSession().execute(example.statement)
        let rows = (0..<result.rowCount).map { row in
            result.columns.indices.map { column in
                result.value(row, column).text(as: result.columns[column].type) ?? "NULL"
            }.joined(separator: " ")
        }
        #expect(rows == example.rows)
    }

    @Test func pageSaysWhatTheRowsSay() throws {
        try compare("functions.md", with: FunctionPage.markdown())
    }

    @Test func pageOfStarRocksFunctionsIsTrue() throws {
        try compare("starrocks-functions.md", with: DocumentedFunctions.page())
        let present = DocumentedFunctions.absent.keys.filter { DocumentedFunctions.isPresent($0) }
        #expect(present.isEmpty, "listed as absent")
    }

    private func compare(_ name: String, with page: String) throws {
        let path = Self.docs + name
        if ProcessInfo.processInfo.environment["STARLING_WRITE_PAGES"] != nil {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            written == page,
            "STARLING_WRITE_PAGES=1 tools/test --filter FunctionPageTests writes docs/\(name)")
    }
}
