// What the command line runs, in which order, and where its results go.

import Foundation
import Starling
import StarlingConsole
import Testing

@Suite struct ShellOutputTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/starling-shell-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func scriptsRunInTheirOrder() throws {
        try withFolder { folder in
            let script = "\(folder)/make.sql"
            try "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (5);\n"
                .write(toFile: script, atomically: true, encoding: .utf8)
            let status = runShell([
                "-c", ".output \(folder)/out.csv\n.mode csv", "-f", script, "-c",
                "SELECT * FROM t", "-c", "DROP TABLE t",
            ])
            #expect(status == 0)
            let text = try String(contentsOfFile: "\(folder)/out.csv", encoding: .utf8)
            #expect(text == "a\n5\n")
        }
    }

    /// Runs commands whose output goes into a file, and returns the status and what is in the file.
    private func run(_ folder: String, _ scripts: String...) throws -> (status: Int32, text: String)
    {
        let path = "\(folder)/out put.csv"
        let status = runShell(
            ["--format", "csv", "-c", ".output '\(path)'"] + scripts.flatMap { ["-c", $0] })
        return (status, try String(contentsOfFile: path, encoding: .utf8))
    }

    @Test func argumentsOfCommandsMayBeQuoted() throws {
        try withFolder { folder in
            let script = "\(folder)/my script.sql"
            try "SELECT 7 AS seven;\n".write(toFile: script, atomically: true, encoding: .utf8)
            #expect(try run(folder, ".read \"\(script)\"") == (0, "seven\n7\n"))
            let tables = """
                CREATE TABLE `my table` (a INT);
                CREATE TABLE `na'me` (b INT);
                CREATE TABLE `a``b` (c INT);
                """
            let header = "Field,Type,Null,Key,Default,Extra\n"
            for (name, column) in [
                ("`my table`", "a"), ("main.`my table`", "a"), ("\"my table\"", "a"),
                ("na'me", "b"),
                ("`a``b`", "c"),
            ] {
                let (status, text) = try run(folder, tables, ".schema \(name);")
                #expect(status == 0, "\(name)")
                #expect(text.hasPrefix(header + "\(column),int,"), "\(name): \(text)")
            }
            for (pattern, count) in [("na'%", 1), ("'my %'", 1), ("a", 0), ("%\\%", 0)] {
                let (status, text) = try run(folder, tables, ".tables \(pattern)")
                #expect(status == 0, "\(pattern)")
                #expect(text.split(separator: "\n").count == count + 1, "\(pattern): \(text)")
            }
        }
    }

    @Test(
        arguments: [".tabels", ".s", ".", ".schema `open", ".mode tabel", ".read 'a b", ".quti"])
    func commandsThatMeanNothingFail(_ command: String) {
        #expect(runShell(["-c", command]) == 1)
    }

    @Test func quittingLeavesOutTheRest() throws {
        try withFolder { folder in
            let (status, text) = try run(folder, "SELECT 1 AS a", ".quit", "SELECT 2 AS b")
            #expect(status == 0)
            #expect(text == "a\n1\n")
        }
    }

    @Test func resultsBecomeParquetFiles() throws {
        try withFolder { folder in
            let path = "\(folder)/out.parquet"
            let status = runShell([
                "--format", "parquet", "-c", ".output \(path)", "-c",
                "SELECT n_nationkey, n_name, n_name FROM tpch('nation', 1) ORDER BY n_name",
            ])
            #expect(status == 0)
            let session = Database().makeSession()
            let read = try session.execute("SELECT * FROM '\(path)'")
            #expect(read.columns.map(\.name) == ["n_nationkey", "n_name", "n_name_1"])
            #expect(read.rowCount == 25)
            #expect(read.texts(1).first == "ALGERIA")
            // A second result would make the file unreadable.
            #expect(
                runShell([
                    "--format", "parquet", "-c", ".output \(path)", "-c", "SELECT 1; SELECT 2",
                ]) == 1)
        }
    }
}
