// A log with a flipped byte in its middle: the database does not open and says what to do; repairing the
// log leaves exactly the commits before the damage, tells all others, and keeps the damaged bytes.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

@Suite struct LogSalvageTests {
    /// Where the records of a log begin, and its end.
    private func places(of log: [UInt8]) -> [Int] {
        var places = [8]
        while let place = places.last, place < log.count {
            let bytes = log[place..<(place + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
            places.append(place + 40 + bytes)
        }
        return places
    }

    private func withDatabase(
        _ statements: [String], _ body: (String, [UInt8]) throws -> Void
    ) throws {
        let path = temporaryFolder() + "/starling-salvage-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        try {
            let session = try Database(path: path).makeSession()
            for statement in statements { _ = try session.execute(statement) }
        }()
        try body(path, try readFile(path + "/log"))
    }

    private static let inserts = (1...6).map { "INSERT INTO t VALUES (\($0))" }

    /// Each byte class of each record is flipped: what was before the record is there, and no more.
    @Test func whatStandsBeforeTheDamageIsKept() throws {
        try withDatabase(["CREATE TABLE t (a INT)"] + Self.inserts) { path, log in
            let places = places(of: log)
            for (record, place) in places.dropLast(2).enumerated() {
                for offset in [1, 9, 17, 25, 33, 45] {
                    var bytes = log
                    bytes[place + offset] ^= 4
                    try writeFile(bytes, to: path + "/log")
                    let message = failure { _ = try Database(path: path) }
                    #expect(message?.contains("--repair") == true, "\(message ?? "")")
                    #expect(message?.contains("byte \(place)") == true, "\(message ?? "")")
                    let lost = try Database.repairLog(path: path)
                    #expect(try lost.integers(0).first == Int64(record + 1))
                    #expect(
                        try lost.integers(0).last == (record == 0 ? nil : Int64(record)),
                        "\(lost.rows)")
                    let session = try Database(path: path).makeSession()
                    if record == 0 {
                        let message = failure { _ = try session.execute("SELECT a FROM t") }
                        #expect(message?.contains("there is no table") == true)
                    } else {
                        let kept = try session.execute("SELECT a FROM t ORDER BY a").integers(0)
                        #expect(kept == (1..<Int64(record)).map { $0 })
                    }
                }
            }
        }
    }

    @Test func lostRowsAreToldAndTheirFilesKept() throws {
        let many = "SELECT md5(generate_series) FROM TABLE(generate_series(1, 20000))"
        let statements =
            ["CREATE TABLE t (a INT)"] + Self.inserts
            + [
                "CREATE TABLE u (b VARCHAR(32))", "INSERT INTO u \(many)",
                "DELETE FROM t WHERE a = 1",
            ]
        try withDatabase(statements) { path, log in
            var bytes = log
            bytes[places(of: log)[4] + 45] ^= 1
            try writeFile(bytes, to: path + "/log")
            let lost = try Database.repairLog(path: path)
            let (commits, rows) = (try lost.integers(0), try lost.integers(3))
            #expect(commits.first == 5 && lost.texts(4)[0]?.contains("not known") == true)
            #expect(zip(commits, rows).contains { $0 == 9 && $1 == 20_000 }, "\(lost.rows)")
            #expect(lost.texts(4).contains { $0?.contains("CREATE TABLE") == true })
            #expect(lost.texts(4).contains { $0?.contains("are there again") == true })
            #expect(try readFile(path + "/damaged/log") == bytes)
            let kept = try LocalFileSystem().list(path + "/damaged").map(\.name)
            #expect(kept.contains { $0.hasPrefix("segment ") }, "\(kept)")
            let session = try Database(path: path).makeSession()
            let found = try session.execute("SELECT count(*), max(a) FROM t")
            #expect(try found.integers(0) == [3] && found.integers(1) == [3])
            _ = try session.execute("INSERT INTO t VALUES (7)")
            #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
        }
    }

    @Test func theFirstBytesAreWrittenAgain() throws {
        try withDatabase(["CREATE TABLE t (a INT)"] + Self.inserts) { path, log in
            var bytes = log
            bytes[3] ^= 1
            try writeFile(bytes, to: path + "/log")
            let message = failure { _ = try Database(path: path) }
            #expect(message?.contains("--repair") == true, "\(message ?? "")")
            _ = try Database.repairLog(path: path)
            #expect(try readFile(path + "/log") == log)
        }
    }

    @Test func aWholeLogStaysAsItIs() throws {
        try withDatabase(["CREATE TABLE t (a INT)"] + Self.inserts) { path, log in
            let result = try Database.repairLog(path: path)
            #expect(result.texts(4) == ["OK: the log is whole"])
            #expect(try readFile(path + "/log") == log)
            let message = failure { _ = try Database.repairLog(path: path + "/segments") }
            #expect(message?.contains("there is no database") == true, "\(message ?? "")")
        }
    }

    /// What only earlier versions have is checked, too.
    @Test func segmentsOfEarlierVersionsAreChecked() throws {
        let many = "SELECT md5(generate_series) AS a FROM TABLE(generate_series(1, 20000))"
        try withDatabase(["CREATE TABLE t AS \(many)", "TRUNCATE TABLE t"]) { path, _ in
            let names = try LocalFileSystem().list(path + "/segments").map(\.name)
            let file = path + "/segments/\(try #require(names.first))"
            var bytes = try readFile(file)
            bytes[bytes.count / 2] ^= 1
            try writeFile(bytes, to: file)
            let session = try Database(path: path).makeSession()
            let found = try session.execute("CHECK TABLE t")
            #expect(found.texts(5).first == "OK" && found.rowCount == 2)
            #expect(found.texts(5).last??.contains("of version") == true)
            let repaired = try session.execute("REPAIR TABLE t")
            #expect(repaired.texts(4).last??.contains("snapshot_retention") == true)
            #expect(try session.execute("SELECT count(*) FROM t").integers(0) == [0])
        }
    }

    private func failure(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return "\(error)" }
        return nil
    }
}
