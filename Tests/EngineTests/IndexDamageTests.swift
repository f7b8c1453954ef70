// Bytes of indexes are flipped: the rows are the same, CHECK TABLE names the index, and REPAIR TABLE makes
// it again without losing a row.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

@Suite struct IndexDamageTests {
    private func makeDatabase(_ path: String) throws {
        let session = try Database(path: path).makeSession()
        _ = try session.execute(
            "CREATE TABLE t (i INT, a VARCHAR(100), k INT, "
                + "INDEX words (a) USING GIN ('parser' = 'standard'), "
                + "INDEX runs (a) USING NGRAMBF ('gram_num' = '3'), INDEX ks (k) USING BITMAP)")
        _ = try session.execute(
            "INSERT INTO t SELECT generate_series, concat('word', generate_series % 50, ' and ', "
                + "md5(generate_series)), generate_series % 900 "
                + "FROM TABLE(generate_series(1, 20000))")
        _ = try session.execute("DELETE FROM t WHERE i = 7")
    }

    private func read(_ path: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(path)
        let buffer = try file.read(0..<file.byteCount)
        return (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try LocalFileSystem().create(path)
        try file.write(bytes)
        try file.close()
    }

    private func answers(_ session: Session) throws -> [Int64?] {
        try [
            "a MATCH 'word7'", "a MATCH_PHRASE 'word8 and'", "a MATCH 'word1*'", "k = 77",
            "k BETWEEN 5 AND 9", "a LIKE '%c4ca4238%'", "NOT a MATCH 'and'",
        ].map { try session.execute("SELECT sum(i) FROM t WHERE \($0)").integers(0)[0] }
    }

    @Test func damagedIndexesCostTimeOnly() throws {
        let path = temporaryFolder() + "/starling-damage-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        try makeDatabase(path)
        let names = try LocalFileSystem().list(path + "/segments").map(\.name)
        let name = try #require(names.compactMap { Int($0) }.min())
        let file = path + "/segments/\(name)"
        let whole = try read(file)
        let wanted = try answers(try Database(path: path).makeSession())
        // The indexes are the end of the file.
        for share in [0.55, 0.65, 0.75, 0.85, 0.9, 0.95, 0.97, 0.99, 1.0] {
            let place = min(whole.count - 9, Int(Double(whole.count) * share))
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            try write(bytes, to: file)
            do {
                let session = try Database(path: path).makeSession()
                let findings = try session.execute("CHECK TABLE t")
                let messages = findings.texts(5).compactMap { $0 }
                guard messages.allSatisfy({ $0.contains("index") }) else { continue }
                #expect(try answers(session) == wanted, "byte \(place)")
                #expect(["a", "k"].contains(findings.texts(2)[0]), "byte \(place): \(messages)")
            }
        }
        // The last byte that was flipped is one of an index.
        let session = try Database(path: path).makeSession()
        #expect(try session.execute("REPAIR TABLE t").integers(2) == [0])
        // The index of earlier versions stays as it is.
        #expect(try session.execute("CHECK TABLE t").texts(5).first == "OK")
        #expect(try answers(session) == wanted)
        #expect(try session.execute("SELECT count(*) FROM t").integers(0) == [19_999])
    }
}
