// The log of queries from which materialized views are recommended: it counts, and it is there again when a
// database is opened.

import Foundation
import Starling
import StarlingMemory
import Testing

struct RecommendedViewTests {
    private static let tables = [
        "CREATE TABLE t (a INT, b INT, c INT)",
        "INSERT INTO t SELECT x % 10, x % 7, x FROM (SELECT generate_series AS x "
            + "FROM TABLE(generate_series(0, 9999))) AS s",
    ]

    @Test func queriesAreKeptWithTheDatabase() throws {
        let folder = temporaryFolder() + "/starling-queries-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try Database(path: folder).makeSession()
            for statement in Self.tables { _ = try session.execute(statement) }
            for _ in 0..<3 { _ = try session.execute("SELECT a, sum(c) FROM t GROUP BY a") }
            _ = try session.execute("SELECT b, max(c) FROM t GROUP BY b")
            // Neither reads a table that groups.
            _ = try session.execute("SELECT 1")
        }
        let session = try Database(path: folder).makeSession()
        let advice = try session.execute("RECOMMEND MATERIALIZED VIEWS FROM QUERY LOG")
        // Three of four queries group by a; both views have few rows, so one for each is best, or one
        // with the 70 groups of both.
        #expect(try advice.integers(3) == [70])
        #expect(try advice.doubles(1) == [1])
        _ = try session.execute("RECOMMEND MATERIALIZED VIEWS APPLY")
        #expect(try session.execute("SELECT count(*) FROM t_by_a_b").integers(0) == [70])
        let answer = try session.execute("EXPLAIN REWRITE SELECT a, sum(c) FROM t GROUP BY a")
        #expect(answer.texts(1) == ["yes"])
    }

    /// Each makes a damaged file of a sound one, which ends with how often the last query came.
    private static let damages: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
        ("no bytes", { _ in [] }),
        ("wrong checksum", { _ in Array("STARQRY1 and nothing that follows".utf8) }),
        ("end missing", { sealed(Array($0.dropLast(3))) }),
        ("great count", { sealed(counting(1e305, in: $0)) }),
        ("no number", { sealed(counting(.nan, in: $0)) }),
        ("negative count", { sealed(counting(-1, in: $0)) }),
    ]

    private static func counting(_ count: Double, in file: [UInt8]) -> [UInt8] {
        file.dropLast(8) + bytes(of: count.bitPattern)
    }

    /// Makes the checksum right.
    private static func sealed(_ file: [UInt8]) -> [UInt8] {
        let body = Array(file[16...])
        return file[..<8] + bytes(of: XXHash64.hash(body)) + body
    }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    @Test func damagedQueriesAreNone() throws {
        for (title, damage) in Self.damages {
            let folder = temporaryFolder() + "/starling-queries-\(UInt64.random(in: 0 ... .max))"
            defer { removeFolder(folder) }
            do {
                let session = try Database(path: folder).makeSession()
                for statement in Self.tables { _ = try session.execute(statement) }
                _ = try session.execute("SELECT a, sum(c) FROM t GROUP BY a")
            }
            let file = URL(filePath: folder + "/queries")
            try Data(damage(Array(try Data(contentsOf: file)))).write(to: file)
            let session = try Database(path: folder).makeSession()
            let advice = try session.execute("RECOMMEND MATERIALIZED VIEWS")
            #expect(advice.rowCount == 0, "\(title)")
        }
    }
}
