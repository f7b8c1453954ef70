// The page docs/writing.md: its statements run, and it names every option that there is.

import Starling
import StarlingFormats
import StarlingLake
import StarlingWriting
import Testing

struct WritingPageTests {
    @Test func statementsRun() throws {
        let results = try Page("writing.md").run()
        // The lookup at the page's end finds its one customer.
        #expect(results.last?.rows == [["Customer#000000001"]])
    }

    @Test func everyOptionIsNamed() throws {
        let page = try Page("writing.md").text
        let options = WriteTarget.options + lakeFormats.flatMap { $0.writer?.options ?? [] }
        for option in options { #expect(page.contains("| `\(option.name)` |"), "\(option.name)") }
    }
}
