// One record of a text file may be as large as the memory that the query may have, and no larger.

import Foundation
import Starling
import StarlingMemory
import Testing

struct LargeRecordTests {
    private static let text = String(repeating: "0123456789", count: 2_000_000)

    private static let files = [
        "large.csv": "k,v\n1,small\n2,\(text)\n3,small\n",
        "quoted.csv": "k,v\n1,small\n2,\"\(text)\n\"\"\"\n3,small\n",
        "large.jsonl":
            "{\"k\":1,\"v\":\"small\"}\n{\"k\":2,\"v\":\"\(text)\"}\n{\"k\":3,\"v\":\"\"}\n",
        "first.jsonl": "{\"k\":2,\"v\":\"\(text)\"}\n{\"k\":1,\"v\":\"small\"}\n",
        "array.json": "[{\"k\":1,\"v\":\"small\"},\n{\"k\":2,\"v\":\"\(text)\"},\n{\"k\":3}]\n",
    ]

    /// Reads the lengths of a file's texts under a limit, or of those of a compressed copy.
    private func lengths(of name: String, _ compression: String, byteLimit: Int) throws -> [Int64?]
    {
        let folder = temporaryFolder() + "/starling-large-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var path = "\(folder)/\(name)"
        try Self.files[name]!.write(toFile: path, atomically: false, encoding: .utf8)
        let session = Database(configuration: Configuration(threadCount: 2)).makeSession()
        if !compression.isEmpty {
            _ = try session.execute("COPY (SELECT * FROM '\(path)') TO '\(path)\(compression)'")
            path += compression
        }
        _ = try session.execute("SET query_mem_limit = \(byteLimit)")
        return try session.execute("SELECT length(v) FROM '\(path)' WHERE k <= 2 ORDER BY k")
            .integers(0)
    }

    /// What types are detected from counts as well.
    @Test func theSampleIsAsLargeAsMemory() throws {
        let path = temporaryFolder() + "/starling-sample-\(UInt64.random(in: 0 ... .max)).jsonl"
        defer { removeFolder(path) }
        try Self.files["first.jsonl"]!.write(toFile: path, atomically: false, encoding: .utf8)
        let session = Database(configuration: Configuration(threadCount: 2)).makeSession()
        _ = try session.execute("SET query_mem_limit = \(16 << 20)")
        do {
            _ = try session.execute("DESC FILES ('path' = '\(path)')")
            Issue.record("the sample fits")
        } catch {
            #expect(error.kind == .resource, "\(error)")
            #expect(error.message.contains("the sample of a JSON file"), "\(error)")
        }
        _ = try session.execute("SET query_mem_limit = \(1 << 30)")
        #expect(
            try session.execute("SELECT count(*) FROM '\(path)'").integers(0) == [2])
    }

    @Test(arguments: files.keys.sorted(), ["", ".gz"])
    func aRecordIsAsLargeAsMemory(name: String, compression: String) throws {
        let length = Int64(Self.text.utf8.count) + (name == "quoted.csv" ? 2 : 0)
        #expect(try lengths(of: name, compression, byteLimit: 1 << 30) == [5, length])
        do {
            let result = try lengths(of: name, compression, byteLimit: 16 << 20)
            Issue.record("\(name)\(compression) fits: \(result)")
        } catch let error as DatabaseError {
            #expect(error.kind == .resource, "\(error)")
            #expect(error.message.contains("query_mem_limit"), "\(error)")
        }
    }
}
