// The page docs/reading.md: its statements run, and it names every property that there is.

import Starling
import StarlingFormats
import StarlingLake
import Testing

struct ReadingPageTests {
    @Test func statementsRun() throws {
        let results = try Page("reading.md").run()
        let queries = results.filter { !$0.columns.isEmpty && $0.columns[0].name != "rows_written" }
        // Nation 3 of TPC-H, and the orders of each kind that the generator's specification gives.
        #expect(queries[0].rows == [["CANADA"]])
        #expect(queries[2].rows.count == 1)
        #expect(queries[3].rows == [[15_000]])
        // Three folders, each with its file.
        #expect(queries[5].rows.count == 3)
        // The first nations by name.
        #expect(queries[6].column(1) == ["ALGERIA", "ARGENTINA", "BRAZIL"])
        #expect(queries[8].rows == [[25]])
    }

    @Test func everyPropertyIsNamed() throws {
        let page = try Page("reading.md").text
        let names = commonOptionNames + lakeFormats.flatMap { $0.reader.optionNames }
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
    }
}
