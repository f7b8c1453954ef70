// A page of documentation: its text, and its statements, which run.

import Starling
import StarlingFiles
import StarlingMemory

struct Page {
    let text: String

    /// Reads `docs/NAME`.
    init(_ name: String) throws {
        let path =
            #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
            + "/docs/" + name
        let file = try LocalFileSystem().open(path)
        let buffer = try file.read(0..<file.byteCount)
        let bytes = (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The texts between ```sql and ```.
    var examples: [String] {
        var examples: [String] = []
        var current: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
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

    /// Runs all statements, with a folder of their own for `out/`, and returns their results.
    func run(in database: Database = Database()) throws -> [Result] {
        let folder = temporaryFolder() + "/starling-page-\(UInt64.random(in: 0 ... .max))"
        try LocalFileSystem().makeFolder(folder)
        defer { removeFolder(folder) }
        let session = database.makeSession()
        var results: [Result] = []
        for example in examples {
            let here = example.split(separator: "'out/", omittingEmptySubsequences: false)
                .joined(separator: "'\(folder)/")
            try session.executeScript(here) { results.append($0) }
        }
        return results
    }
}
