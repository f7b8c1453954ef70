// Files and folders as people have them: several formats side by side, links that lead nowhere, names
// that come twice, and what the errors say of them.

import Foundation
import Starling
import StarlingMemory
import Testing

struct OddFolderTests {
    private let session = Database(configuration: Configuration(threadCount: 2)).makeSession()

    private func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
        let folder = temporaryFolder() + "/starling-odd-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { removeFolder(folder) }
        for (name, bytes) in files {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try body(folder)
    }

    private func message(_ sql: String) -> String {
        do throws(DatabaseError) {
            let rows = try session.execute(sql).rows
            return "\(rows)"
        } catch { return error.message }
    }

    @Test func formatsAreNotMixed() throws {
        let files = ["1.csv": "a\n1\n", "2.json": "{\"a\":1}\n"].mapValues { Array($0.utf8) }
        try withFolder(files) { folder in
            #expect(
                message("SELECT * FROM '\(folder)'").hasPrefix(
                    "'\(folder)/2.json' is json, but '\(folder)/1.csv' is csv;"))
            let asCSV =
                "FILES('path' = '\(folder)', 'format' = 'csv', "
                + "'fill_mismatch_column_with' = 'null')"
            let result = try session.execute("SELECT count(*) FROM \(asCSV)")
            #expect(result.rows.count == 1)
        }
    }

    @Test func bytesThatAreNoTextHaveALine() throws {
        let bytes = Array("{\"x\":1}\n{\"x\":2}\n{\"x\":\"a".utf8) + [0xFF] + Array("b\"}\n".utf8)
        try withFolder(["bad.json": bytes]) { folder in
            #expect(message("SELECT * FROM '\(folder)/bad.json'").contains("line 3: byte 255"))
        }
    }

    @Test func remediesHelp() throws {
        try withFolder(["r.csv": Array("a,b\n1,2\n3,4,5\n".utf8)]) { folder in
            let message = message("SELECT * FROM '\(folder)/r.csv'")
            #expect(message.contains("3 fields instead of 2"))
            #expect(!message.contains("null_padding"))
        }
    }

    @Test func namesOfTheFileStay() throws {
        try withFolder(["n.csv": Array("a,a,a_1,A\n1,2,3,4\n".utf8)]) { folder in
            let result = try session.execute("SELECT *, a_1 FROM '\(folder)/n.csv'")
            #expect(result.columns.map(\.name) == ["a", "a_2", "a_1", "A_3", "a_1"])
            #expect(result.rows == [[1, 2, 3, 4, 3]])
        }
    }

    @Test func linksThatLeadNowhereAreNoFiles() throws {
        try withFolder(["tg.csv": Array("a\n1\n".utf8)]) { folder in
            for (name, target) in [("l1", "l2"), ("l2", "l1"), ("l3", "nowhere")] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: target)
            }
            #expect(try session.execute("SELECT * FROM '\(folder)/*.csv'").rows == [[1]])
            #expect(message("SELECT * FROM '\(folder)/tgg.csv'").contains("tg.csv"))
        }
    }
}
