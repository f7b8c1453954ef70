import Starling
import StarlingConsole
import Testing

@Suite struct TableLayoutTests {
    private let session = Database(configuration: Configuration(threadCount: 1)).makeSession()

    private func layout(_ sql: String, width: Int? = nil, rows: Int? = nil) throws -> TableLayout {
        TableLayout(try session.execute(sql), .init(width: width, rowCount: rows))
    }

    private func lines(_ layout: TableLayout) -> [String] {
        layout.text.split(separator: "\n").map(String.init)
    }

    @Test func numbersStandRightAndTextsLeft() throws {
        let layout = try layout("SELECT 1 AS n, 'é漢' AS t")
        #expect(lines(layout)[4].hasPrefix("│       1 │ é漢 "))
        #expect(Set(lines(layout).map(displayWidth)).count == 1)
    }

    @Test func wideColumnsAreCutToTheTerminal() throws {
        let layout = try layout("SELECT repeat('x', 200) AS a, 1 AS b", width: 40)
        #expect(lines(layout).allSatisfy { displayWidth($0) <= 40 })
        #expect(layout.text.contains("…"))
    }

    @Test func tooManyColumnsLeaveOutTheMiddle() throws {
        let columns = (1...30).map { "\($0) AS column_number_\($0)" }.joined(separator: ", ")
        let layout = try layout("SELECT \(columns)", width: 60)
        #expect(lines(layout).allSatisfy { displayWidth($0) <= 60 })
        #expect(layout.summary.hasPrefix("1 row, 30 columns ("))
    }

    @Test func manyRowsShowTheFirstAndTheLast() throws {
        let rows = (1...100).map { "(\($0))" }.joined(separator: ",")
        let layout = try layout("SELECT * FROM (VALUES \(rows)) AS t (n) ORDER BY n", rows: 10)
        #expect(layout.summary == "100 rows (10 shown)")
        #expect(layout.text.contains(" 5 │") && layout.text.contains(" 96 │"))
        #expect(!layout.text.contains(" 6 │"))
    }

    @Test func controlCharactersAreShownAndNotSent() throws {
        let layout = try layout("SELECT 'a\\n\u{1B}' AS t")
        #expect(!layout.text.unicodeScalars.contains("\u{1B}"))
        #expect(layout.text.contains("a\\n"))
    }
}
