// The page docs/writing.md: its statements run, and it names every option that there is.

import Starling
import StarlingFiles
import StarlingFormats
import StarlingLake
import StarlingMemory
import StarlingWriting
import Testing

struct WritingPageTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        + "/docs/writing.md"

    private func page() throws -> String {
        let file = try LocalFileSystem().open(Self.path)
        let buffer = try file.read(0..<file.byteCount)
        let bytes = (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The texts between ```sql and ```.
    private func examples() throws -> [String] {
        var examples: [String] = []
        var current: String?
        for line in try page().split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```sql" {
                current = ""
            } else if line == "```", let example = current {
                examples.append(example)
                current = nil
            } else if current != nil {
                current! += line + "\n"
            }
        }
        return examples
    }

    @Test func statementsRun() throws {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        try LocalFileSystem().makeFolder(folder)
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        _ = try session.execute(
            "CREATE TABLE tpch_orders AS SELECT * FROM tpch('orders', 0.01)")
        var last: Result?
        for example in try examples() {
            let here = example.split(separator: "'out/", omittingEmptySubsequences: false)
                .joined(separator: "'\(folder)/")
            try session.executeScript(here) { last = $0 }
        }
        // The lookup at the page's end finds its one customer.
        #expect(last?.rows == [["Customer#000000001"]])
    }

    @Test func everyOptionIsNamed() throws {
        let page = try page()
        let options = WriteTarget.options + fileWriters.flatMap { $0.options }
        for option in options { #expect(page.contains("| `\(option.name)` |"), "\(option.name)") }
    }
}
