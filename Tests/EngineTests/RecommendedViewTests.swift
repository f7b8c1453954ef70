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

    @Test func damagedQueriesAreNone() throws {
        let folder = temporaryFolder() + "/starling-queries-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try Database(path: folder).makeSession()
            for statement in Self.tables { _ = try session.execute(statement) }
            _ = try session.execute("SELECT a, sum(c) FROM t GROUP BY a")
        }
        try Data("STARQRY1 and nothing that follows".utf8)
            .write(to: URL(filePath: folder + "/queries"))
        let session = try Database(path: folder).makeSession()
        let advice = try session.execute("RECOMMEND MATERIALIZED VIEWS")
        #expect(advice.rowCount == 0)
    }
}
