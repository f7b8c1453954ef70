// COPY into tables and files: types and names of columns, formats by the ends of names, links.

import Glibc
import Starling
import StarlingFiles
import StarlingMemory
import Testing

/// COPY into tables, and what the names of files mean.
struct CopyTests {
    private let session = Database(configuration: Configuration(threadCount: 2)).makeSession()
    private let files = LocalFileSystem()

    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = temporaryFolder() + "/starling-copies-\(UInt64.random(in: 0 ... .max))"
        try files.makeFolder(path)
        defer { removeFolder(path) }
        try body(path)
    }

    private func text(_ sql: String) throws -> [[String?]] {
        let result = try session.execute(sql)
        return result.rows.indices.map { row in
            result.columns.indices.map { result.texts($0)[row] }
        }
    }

    private func write(_ text: String, to path: String) throws {
        let file = try files.create(path)
        try file.write(Array(text.utf8))
        try file.close()
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        let file = try files.open(path)
        let buffer = try file.read(0..<file.byteCount)
        return withExtendedLifetime(buffer) {
            Array(UnsafeRawBufferPointer(start: buffer.baseAddress, count: buffer.byteCount))
        }
    }

    @Test func tablesAreFilled() throws {
        try withFolder { folder in
            _ = try session.execute("CREATE TABLE t (code VARCHAR(10), n INT, d DECIMAL(8, 2))")
            // A code keeps its zeros, since the column says that it is a text.
            try write("a,b,c\n007,1,2.50\n008,,3\n", to: folder + "/a.csv")
            let copied = try session.execute("COPY t FROM '\(folder)/a.csv'")
            #expect(copied.affectedRowCount == 2)
            // Columns go by their names where the file has them all.
            try write("{\"d\": 9.75, \"code\": \"x\", \"n\": 5}\n", to: folder + "/b.json")
            _ = try session.execute("COPY t FROM '\(folder)/b.json'")
            try write("7;y\n", to: folder + "/c.csv")
            _ = try session.execute(
                "COPY t (n, code) FROM '\(folder)/c.csv' (HEADER false, DELIM ';')")
            #expect(
                try text("SELECT * FROM t ORDER BY code") == [
                    ["007", "1", "2.50"], ["008", nil, "3.00"], ["x", "5", "9.75"],
                    ["y", "7", nil],
                ])
            let error = #expect(throws: DatabaseError.self) {
                _ = try session.execute("COPY t FROM '\(folder)/c.csv' (HEADER false, DELIM ';')")
            }
            #expect(error?.message.contains("2 columns and 't' takes 3") == true)
            #expect(throws: DatabaseError.self) {
                _ = try session.execute("COPY (SELECT 1) FROM '\(folder)/c.csv'")
            }
        }
    }

    @Test func endsOfNamesMeanFormatsAndCompressions() throws {
        try withFolder { folder in
            let query = "SELECT 1 AS a, 'x' AS b"
            let starts: [(String, [UInt8])] = [
                ("a.csv.gz", [0x1F, 0x8B]), ("a.json.zst", [0x28, 0xB5, 0x2F, 0xFD]),
                ("a.tsv", Array("a\tb\n".utf8)), ("a.csv", Array("a,b\n".utf8)),
                ("a.parquet", Array("PAR1".utf8)),
            ]
            for (name, start) in starts {
                _ = try session.execute("COPY (\(query)) TO '\(folder)/\(name)'")
                #expect(try bytes(folder + "/" + name).starts(with: start), "\(name)")
                #expect(try text("SELECT * FROM '\(folder)/\(name)'") == [["1", "x"]], "\(name)")
            }
            _ = try session.execute("COPY (\(query)) TO '\(folder)/b.csv.gz' (COMPRESSION none)")
            #expect(try bytes(folder + "/b.csv.gz") == Array("a,b\n1,x\n".utf8))
            let error = #expect(throws: DatabaseError.self) {
                _ = try session.execute("COPY (\(query)) TO '\(folder)/a.orc'")
            }
            #expect(error?.message.contains("'orc' cannot be written") == true)
        }
    }

    @Test func linksAndPermissionsStay() throws {
        try withFolder { folder in
            try write("old", to: folder + "/real.csv")
            _ = chmod(folder + "/real.csv", 0o600)
            _ = symlink("real.csv", folder + "/link.csv")
            _ = try session.execute("COPY (SELECT 1 AS a) TO '\(folder)/link.csv'")
            #expect(try bytes(folder + "/real.csv") == Array("a\n1\n".utf8))
            var status = stat()
            #expect(lstat(folder + "/link.csv", &status) == 0)
            #expect(status.st_mode & S_IFMT == S_IFLNK)
            #expect(stat(folder + "/real.csv", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func emptyFilesBesideOthersHaveNoRows() throws {
        try withFolder { folder in
            try write("a,b\n1,x\n", to: folder + "/1.csv")
            try write("", to: folder + "/0.csv")
            #expect(try text("SELECT * FROM '\(folder)/*.csv'") == [["1", "x"]])
            try write("1st, ,\n5,6,7\n", to: folder + "/blank.csv")
            #expect(
                try session.execute("SELECT * FROM '\(folder)/blank.csv'").columns.map(\.name)
                    == ["1st", "column1", "column2"])
        }
    }

    /// Lists without elements have parts all the same, at every level.
    @Test(arguments: ["arrow", "parquet"])
    func emptyNestedValuesComeBack(format: String) throws {
        try withFolder { folder in
            try session.executeScript(
                """
                CREATE TABLE g (k INT, a ARRAY<ARRAY<INT>>, s ARRAY<STRUCT<x INT>>,
                  m ARRAY<MAP<STRING, INT>>, ma MAP<STRING, ARRAY<INT>>);
                INSERT INTO g VALUES (1, [], [], [], NULL), (2, [], NULL, [], map{});
                COPY g TO '\(folder)/g.\(format)';
                COPY (SELECT k, CAST(NULL AS ARRAY<ARRAY<INT>>) AS a FROM g) TO '\(folder)/n.\(format)';
                """
            ) { _ in }
            #expect(
                try text(
                    "SELECT k, size(a), size(s), size(m) FROM '\(folder)/g.\(format)' ORDER BY k")
                    == [["1", "0", "0", "0"], ["2", "0", nil, "0"]])
            #expect(try text("SELECT a FROM '\(folder)/n.\(format)'") == [[nil], [nil]])
        }
    }
}
