// Every kind of byte of a segment is flipped: reading says which table, segment and block are damaged
// and never gives other rows, CHECK TABLE finds it, and REPAIR TABLE leaves a table that reads.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

@Suite struct DamageTests {
    private static let rowCount = 20_000

    /// Makes two tables, one of which has two segments in files of their own.
    private func makeDatabase(_ path: String, _ compression: String) throws {
        let session = try Database(path: path).makeSession()
        let rows =
            "SELECT IF(generate_series % 10 = 0, NULL, generate_series * 7919) AS a, "
            + "md5(generate_series) AS b, generate_series / 7 AS c "
            + "FROM TABLE(generate_series(1, \(Self.rowCount)))"
        _ = try session.execute(
            "CREATE TABLE t (a BIGINT, b VARCHAR(32), c DOUBLE) "
                + "PROPERTIES ('bloom_filter_columns' = 'b', 'compression' = '\(compression)')")
        _ = try session.execute("INSERT INTO t \(rows)")
        _ = try session.execute("INSERT INTO t \(rows)")
        _ = try session.execute("CREATE TABLE other AS SELECT 1 AS a")
    }

    /// Is the image of a segment.
    private struct Image {
        var bytes: [UInt8]

        func number(at place: Int) -> Int {
            bytes[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }

        var directoryEnd: Int { 24 + number(at: 8) }
        /// The block of the first column.
        var block: Int { number(at: 40) }
        var blockEnd: Int { block + number(at: 48) }

        /// A byte of each kind, and what it belongs to.
        var places: [(kind: String, place: Int)] {
            [
                ("magic", 3), ("length of the directory", 9), ("checksum of the directory", 20),
                ("count of rows", 24), ("place of a block", 41), ("checksum of a block", 57),
                ("statistics", 66), ("parts", (24 + directoryEnd) / 2),
                ("end of the directory", directoryEnd - 1), ("encoding", block),
                ("count of NULLs", block + 8), ("NULL bits", block + 24 + 11),
                ("runs", block + 24 + 2_504 + 16 + 5), ("data", (block + blockEnd) / 2),
                ("end of a block", blockEnd - 1), ("block of texts", blockEnd + 900),
            ]
        }
    }

    private func withDatabase(
        _ compression: String = "none", _ body: (String, String) throws -> Void
    ) throws {
        let path = temporaryFolder() + "/starling-damage-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        try makeDatabase(path, compression)
        let names = try LocalFileSystem().list(path + "/segments").map(\.name)
        let first = try #require(names.compactMap { Int($0) }.min())
        try body(path, path + "/segments/\(first)")
    }

    /// What is cut off is gone; all else is there.
    @Test(arguments: [0, 100, 4_000, 300_000])
    func filesThatWereCutOffAreRepaired(byteCount: Int) throws {
        try withDatabase { path, file in
            try writeFile(Array(try readFile(file).prefix(byteCount)), to: file)
            let session = try Database(path: path).makeSession()
            #expect(try session.execute("SELECT a FROM other").integers(0) == [1])
            #expect {
                _ = try session.execute(query)
            } throws: {
                "\($0)".contains("segment ") && "\($0)".contains("main.t")
            }
            #expect(try session.execute("CHECK TABLE t").rowCount > 0)
            _ = try session.execute("REPAIR TABLE t")
            #expect(
                try session.execute("SELECT count(*) FROM t").integers(0)
                    == [Int64(Self.rowCount)])
        }
    }

    private let query = "SELECT count(*), sum(a), sum(crc32(b)), sum(c) FROM t"

    @Test(arguments: ["none", "zstd"])
    func flippedBytesAreFoundAndRepaired(compression: String) throws {
        try withDatabase(compression) { path, file in
            let image = Image(bytes: try readFile(file))
            for (kind, place) in image.places {
                // Each repair writes into a database of its own.
                try withDatabase(compression) { path, file in
                    var bytes = try readFile(file)
                    bytes[place] ^= 1 << UInt8(place % 8)
                    try writeFile(bytes, to: file)
                    try checkDamage(path, file, bytes, kind)
                }
            }
        }
    }

    @Test func pathsOfDamagedSegmentsAreNotCounted() throws {
        try withDatabase { path, _ in
            let makeRows =
                "INSERT INTO d SELECT parse_json(concat('{\"a\": ', generate_series, ', \"b\": \"', "
                + "md5(generate_series), '\"}')) FROM TABLE(generate_series(1, \(Self.rowCount)))"
            for sql in ["CREATE TABLE d (j JSON)", makeRows, makeRows] {
                _ = try Database(path: path).makeSession().execute(sql)
            }
            let last = try LocalFileSystem().list(path + "/segments").compactMap { Int($0.name) }
                .max()
            let file = path + "/segments/\(try #require(last))"
            var bytes = try readFile(file)
            bytes[100] ^= 1
            try writeFile(bytes, to: file)
            let session = try Database(path: path).makeSession()
            for sql in ["SHOW JSON PATHS FROM d.j", "SELECT flat_json_meta(j) FROM d [_META_]"] {
                let message = try #require(error(of: sql, session))
                #expect(message.contains("of table main.d is damaged"))
            }
        }
    }

    /// The message of the error that a statement is; nil where it runs.
    private func error(of sql: String, _ session: Session) -> String? {
        do {
            _ = try session.execute(sql)
            return nil
        } catch {
            return error.message
        }
    }

    private func checkDamage(
        _ path: String, _ file: String, _ bytes: [UInt8], _ kind: String
    ) throws {
        let session = try Database(path: path).makeSession()
        #expect(try session.execute("SELECT a FROM other").integers(0) == [1], "\(kind)")
        let message = try #require(error(of: query, session), "\(kind): damage gives rows")
        #expect(message.contains("of table main.t is damaged"), "\(kind): \(message)")
        #expect(message.contains("segment "), "\(kind): \(message)")
        let found = try session.execute("CHECK TABLE other, t")
        #expect(found.texts(5).first == "OK")
        let finding = try #require(found.rows.count >= 2 ? found.rows[1] : nil, "\(kind)")
        #expect(found.texts(0)[1] == "main.t" && found.texts(3)[1] == file, "\(kind): \(finding)")
        #expect(try found.integers(4)[1] != nil, "\(kind): \(finding)")

        let repaired = try session.execute("REPAIR TABLE t")
        #expect(repaired.rows.count == 1, "\(kind)")
        let lost = try repaired.integers(2)[0]
        #expect(lost == nil || lost == Int64(Self.rowCount), "\(kind)")
        let kept = try #require(repaired.texts(3)[0])
        #expect(try readFile(kept) == bytes, "\(kind)")
        try checkRepaired(session, kind)
        try checkRepaired(try Database(path: path, after: session).makeSession(), kind)
    }

    private func checkRepaired(_ session: Session, _ kind: String) throws {
        let rows = try session.execute("SELECT count(*), count(a), count(DISTINCT b) FROM t")
        #expect(try rows.integers(0) == [Int64(Self.rowCount)], "\(kind)")
        #expect(try rows.integers(1) == [Int64(Self.rowCount / 10 * 9)], "\(kind)")
        #expect(try rows.integers(2) == [Int64(Self.rowCount)], "\(kind)")
        // What was repaired is still damaged in the versions of before.
        #expect(try session.execute("CHECK TABLE t").texts(5).first == "OK", "\(kind)")
    }

    @Test func aDamagedFilterIsFoundAndNeverBelieved() throws {
        try withDatabase { path, file in
            var bytes = try readFile(file)
            bytes[bytes.count - 100] ^= 4
            try writeFile(bytes, to: file)
            let session = try Database(path: path).makeSession()
            #expect(
                try session.execute("SELECT count(DISTINCT b) FROM t").integers(0) == [
                    Int64(Self.rowCount)
                ])
            let message = error(of: "SELECT * FROM t WHERE b = md5('5')", session)
            #expect(message?.contains("the bloom filter of column 'b'") == true, "\(message ?? "")")
            #expect(try session.execute("CHECK TABLE t").texts(2) == ["b"])
            _ = try session.execute("REPAIR TABLE t")
            try checkRepaired(session, "filter")
        }
    }

    private func makeKeyedTable(_ path: String) throws {
        let session = try Database(path: path).makeSession()
        _ = try session.execute("CREATE TABLE keyed (k INT, v VARCHAR(32)) PRIMARY KEY (k)")
        _ = try session.execute(
            "INSERT INTO keyed SELECT generate_series, md5(generate_series) "
                + "FROM TABLE(generate_series(1, \(Self.rowCount)))")
        #expect(try session.execute("CHECK TABLE keyed").texts(5) == ["OK"])
    }

    @Test func aDamagedIndexOfKeysIsFound() throws {
        try withDatabase { path, _ in
            try makeKeyedTable(path)
            let names = try LocalFileSystem().list(path + "/segments").map(\.name)
            let last = try #require(names.compactMap { Int($0) }.max())
            var bytes = try readFile(path + "/segments/\(last)")
            bytes[bytes.count - 100] ^= 4
            try writeFile(bytes, to: path + "/segments/\(last)")
            let session = try Database(path: path).makeSession()
            #expect(
                try session.execute("SELECT count(DISTINCT v) FROM keyed").integers(0) == [
                    Int64(Self.rowCount)
                ])
            let found = try session.execute("CHECK TABLE keyed").texts(5)
            #expect(found.count == 1 && found[0]?.contains("the index of keys") == true)
        }
    }

    private func makeDocuments(_ path: String) throws {
        let session = try Database(path: path).makeSession()
        _ = try session.execute("CREATE TABLE documents (j JSON)")
        _ = try session.execute(
            "INSERT INTO documents SELECT parse_json(concat('{\"n\": ', crc32(generate_series), "
                + "', \"o\": {\"t\": \"', md5(generate_series), '\"}', "
                + "IF(generate_series % 5 = 0, concat(', \"r', generate_series, '\": 1'), ''), "
                + "'}')) FROM TABLE(generate_series(1, \(Self.rowCount)))")
        #expect(try session.execute("CHECK TABLE documents").texts(5) == ["OK"])
    }

    @Test func aDamagedPathOfDocumentsIsNamed() throws {
        try withDatabase { path, _ in
            try makeDocuments(path)
            let names = try LocalFileSystem().list(path + "/segments").map(\.name)
            let file = path + "/segments/\(try #require(names.compactMap { Int($0) }.max()))"
            let whole = try readFile(file)
            let queries = [
                "SELECT count(*), sum(get_json_int(j, 'n')) FROM documents",
                "SELECT sum(crc32(j ->> 'o.t')) FROM documents",
                "SELECT sum(crc32(CAST(j AS STRING))) FROM documents",
                "SELECT count(*) FROM documents WHERE json_exists(j, 'r5')",
            ]
            let expected = try {
                let session = try Database(path: path).makeSession()
                return try queries.map { try session.execute($0).rows }
            }()
            var columns: Set<String?> = []
            for place in stride(from: 3, to: whole.count, by: whole.count / 40) {
                var bytes = whole
                bytes[place] ^= 1 << UInt8(place % 8)
                try writeFile(bytes, to: file)
                let session = try Database(path: path).makeSession()
                var errorCount = 0
                for (query, rows) in zip(queries, expected) {
                    if error(of: query, session) != nil {
                        errorCount += 1
                    } else {
                        #expect(try session.execute(query).rows == rows, "\(place)")
                    }
                }
                #expect(errorCount > 0, "\(place)")
                columns.formUnion(try session.execute("CHECK TABLE documents").texts(2))
            }
            #expect(columns.isSuperset(of: ["j", "j.n", "j.o.t"]))
        }
    }

    @Test func aFileThatIsGoneIsDamage() throws {
        try withDatabase { path, file in
            try LocalFileSystem().remove(file)
            let session = try Database(path: path).makeSession()
            #expect(throws: DatabaseError.self) { _ = try session.execute(query) }
            #expect(throws: DatabaseError.self) {
                _ = try session.execute("SELECT count(*) FROM t")
            }
            #expect(try session.execute("CHECK TABLE t").texts(5) != ["OK"])
            let repaired = try session.execute("REPAIR TABLE t")
            #expect(try repaired.integers(2) == [nil] && repaired.texts(3) == [nil])
            try checkRepaired(session, "file")
        }
    }

    @Test func aDamagedLogIsFoundWhileItIsOpen() throws {
        try withDatabase { path, _ in
            let session = try Database(path: path).makeSession()
            var bytes = try readFile(path + "/log")
            bytes[100] ^= 1
            let file = try LocalFileSystem().append(to: path + "/log", from: 0)
            try file.write(bytes)
            try file.close()
            let found = try session.execute("CHECK TABLE t").texts(5)
            #expect(found.first??.contains("log is damaged") == true, "\(found)")
        }
    }

    @Test func aLogThatWasNotFinishedMeansNothing() throws {
        try withDatabase { path, _ in
            let log = try readFile(path + "/log")
            try writeFile(Array(log.prefix(50)) + [1, 2, 3], to: path + "/log.new")
            let session = try Database(path: path).makeSession()
            #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
            #expect(
                try session.execute("SELECT count(*) FROM t").integers(0) == [
                    Int64(2 * Self.rowCount)
                ])
        }
    }

    /// Columns come and go, but what is damaged stays so.
    @Test func damageOutlivesColumns() throws {
        try withDatabase { path, file in
            var bytes = try readFile(file)
            bytes[30] ^= 1
            try writeFile(bytes, to: file)
            let session = try Database(path: path).makeSession()
            _ = try session.execute("ALTER TABLE t ADD COLUMN n INT DEFAULT '1' FIRST")
            for column in ["a", "b", "c"] {
                _ = try session.execute("ALTER TABLE t DROP COLUMN \(column)")
            }
            #expect(throws: DatabaseError.self) {
                _ = try session.execute("SELECT count(*) FROM t")
            }
            _ = try session.execute("REPAIR TABLE t")
            #expect(
                try session.execute("SELECT sum(n) FROM t").integers(0) == [Int64(Self.rowCount)])
        }
    }

    @Test func whoOnlyReadsRepairsNothing() throws {
        try withDatabase { path, file in
            var bytes = try readFile(file)
            bytes[30] ^= 1
            try writeFile(bytes, to: file)
            var configuration = Configuration(threadCount: 1)
            configuration.isReadOnly = true
            let session = try Database(path: path, configuration: configuration).makeSession()
            #expect(try session.execute("CHECK TABLE t").rowCount == 1)
            let message = error(of: "REPAIR TABLE t", session)
            #expect(message?.contains("for reading only") == true, "\(message ?? "")")
            #expect(try LocalFileSystem().information(of: path + "/damaged") == nil)
        }
    }

    @Test func whatIsWholeIsLeftAlone() throws {
        let session = Database().makeSession()
        _ = try session.execute(
            "CREATE TABLE t AS SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL")
        #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
        #expect(try session.execute("REPAIR TABLE t").integers(2) == [0])
        #expect(try session.execute("SELECT count(*) FROM t").integers(0) == [2])
    }
}

extension Database {
    /// Opens a database that another session had until now.
    fileprivate convenience init(path: String, after session: Session) throws {
        // Whoever has it open is told no, so a reader looks.
        var configuration = Configuration(threadCount: 1)
        configuration.isReadOnly = true
        try self.init(path: path, configuration: configuration)
        withExtendedLifetime(session) {}
    }
}
