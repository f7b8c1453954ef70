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
