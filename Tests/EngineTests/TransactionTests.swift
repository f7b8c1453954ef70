// BEGIN, COMMIT and ROLLBACK, alone and beside others, and INSERTs with labels.

import Starling
import StarlingMemory
import Synchronization
import Testing

@Suite struct TransactionTests {
    /// Runs a test in memory and in a folder.
    private func withDatabase(_ isStored: Bool, _ body: (Database) throws -> Void) throws {
        guard isStored else { return try body(Database()) }
        let path = temporaryFolder() + "/starling-transaction-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        try body(Database(path: path))
    }

    private func run(_ session: Session, _ statements: String...) throws {
        for statement in statements { _ = try session.execute(statement) }
    }

    private func sum(_ session: Session, _ table: String) throws -> Int64? {
        try session.execute("SELECT sum(a) FROM \(table)").integers(0)[0]
    }

    @Test(arguments: [false, true]) func whatIsBegunIsSeenByOneOnly(isStored: Bool) throws {
        try withDatabase(isStored) { database in
            let (one, other) = (database.makeSession(), database.makeSession())
            try run(
                one, "CREATE TABLE t AS SELECT 1 AS a",
                "CREATE TABLE u AS SELECT CAST(10 AS BIGINT) AS a")
            try run(
                one, "BEGIN", "INSERT INTO t VALUES (2)", "UPDATE u SET a = a + 1",
                "INSERT INTO u SELECT a * 100 FROM t", "DELETE FROM t WHERE a = 1")
            #expect(try sum(one, "t") == 2)
            #expect(try sum(one, "u") == 311)
            #expect(try sum(other, "t") == 1)
            #expect(try sum(other, "u") == 10)
            try run(one, "COMMIT")
            #expect(try sum(other, "t") == 2)
            #expect(try sum(other, "u") == 311)
            try run(one, "BEGIN", "TRUNCATE TABLE t", "INSERT INTO t VALUES (5)", "ROLLBACK")
            #expect(try sum(one, "t") == 2)
            // Without one both do nothing.
            try run(one, "ROLLBACK", "COMMIT")
        }
    }

    @Test(arguments: [false, true]) func readsAreOfOneMoment(isStored: Bool) throws {
        try withDatabase(isStored) { database in
            let (one, other) = (database.makeSession(), database.makeSession())
            try run(one, "CREATE TABLE t AS SELECT 1 AS a", "CREATE TABLE u AS SELECT 1 AS a")
            try run(one, "BEGIN")
            try run(other, "INSERT INTO t VALUES (1)", "INSERT INTO u VALUES (1)")
            #expect(try sum(one, "t") == 1)
            #expect(try sum(one, "u") == 1)
            // Rows that others insert are no conflict.
            try run(one, "INSERT INTO t VALUES (5)", "UPDATE u SET a = 7", "COMMIT")
            #expect(try sum(one, "t") == 7)
            #expect(try sum(one, "u") == 8)
        }
    }

    /// Rows move from table to table and back; a statement that names both, or one of them twice,
    /// sees them as they are between two commits.
    @Test func aStatementSeesOneMoment() async throws {
        let database = Database()
        let session = database.makeSession()
        for statement in [
            "CREATE TABLE t AS SELECT generate_series AS a FROM TABLE(generate_series(1, 100))",
            "CREATE TABLE u AS SELECT CAST(1000 AS BIGINT) AS a",
            "CREATE FUNCTION total() RETURNS TABLE AS SELECT sum(a) AS s FROM u",
        ] { _ = try await session.execute(statement) }
        let state = MovingState()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let writer = database.makeSession()
                do {
                    for number in 0..<200 {
                        let row = number % 50 + 1
                        let (from, to) = number / 50 % 2 == 0 ? ("t", "u") : ("u", "t")
                        for statement in [
                            "BEGIN", "INSERT INTO \(to) SELECT a FROM \(from) WHERE a = \(row)",
                            "DELETE FROM \(from) WHERE a = \(row)", "COMMIT",
                        ] { _ = try await writer.execute(statement) }
                    }
                } catch {
                    Issue.record("\(error)")
                }
                state.isDone.store(true, ordering: .releasing)
            }
            group.addTask {
                let reader = database.makeSession()
                do {
                    for _ in 0..<300 where !state.isDone.load(ordering: .acquiring) {
                        let result = try await reader.execute(
                            """
                            SELECT (SELECT sum(a) FROM t) + (SELECT sum(a) FROM u),
                                (SELECT sum(a) FROM t) + (SELECT s FROM total()),
                                (SELECT count(*) FROM t) - (SELECT count(*) FROM t WHERE a > 0),
                                (SELECT sum(a) FROM (SELECT a FROM t UNION ALL SELECT a FROM u) v)
                            """)
                        #expect(result.rows == [[6_050, 6_050, 0, 6_050]])
                    }
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
    }

    @Test(arguments: [false, true]) func theSecondOfTwoWritersIsToldSo(isStored: Bool) throws {
        try withDatabase(isStored) { database in
            let (one, other) = (database.makeSession(), database.makeSession())
            try run(
                one,
                "CREATE TABLE t AS SELECT generate_series AS a FROM TABLE(generate_series(1, 9))",
                "CREATE TABLE u (a BIGINT)")
            for change in [
                "UPDATE t SET a = 0 WHERE a = 3", "DELETE FROM t WHERE a <= 3", "TRUNCATE TABLE t",
                "INSERT OVERWRITE t VALUES (1)",
            ] {
                try run(
                    one,
                    "INSERT OVERWRITE t SELECT generate_series FROM TABLE(generate_series(1, 9))")
                try run(one, "BEGIN", "INSERT INTO u VALUES (1)", change)
                try run(other, "UPDATE t SET a = 100 WHERE a = 3")
                let error = #expect(throws: DatabaseError.self) { try run(one, "COMMIT") }
                #expect(
                    error?.message.contains("nothing of the transaction was done: another session")
                        == true)
                #expect(try sum(one, "t") == 142)
                #expect(try sum(one, "u") == nil)
            }
            // Other rows are nobody's conflict, in a segment that is not packed anew.
            try run(one, "BEGIN", "UPDATE t SET a = 0 WHERE a = 5")
            try run(other, "UPDATE t SET a = 0 WHERE a = 6")
            try run(one, "COMMIT")
            #expect(try sum(one, "t") == 131)
        }
    }

    @Test(arguments: [false, true]) func whatIsNoRowIsRefused(isStored: Bool) throws {
        try withDatabase(isStored) { database in
            let session = database.makeSession()
            try run(session, "CREATE TABLE t AS SELECT 1 AS a", "BEGIN", "INSERT INTO t VALUES (2)")
            for statement in ["CREATE TABLE u (a INT)", "DROP TABLE t", "ALTER TABLE t RENAME u"] {
                let error = #expect(throws: DatabaseError.self) { try run(session, statement) }
                #expect(error?.message.contains("only rows are changed in a transaction") == true)
            }
            #expect(throws: DatabaseError.self) { try run(session, "BEGIN") }
            // A statement that fails leaves what was done before it.
            #expect(throws: DatabaseError.self) { try run(session, "INSERT INTO t VALUES ('x')") }
            try run(session, "CREATE TEMPORARY TABLE own AS SELECT 1 AS a", "COMMIT")
            #expect(try sum(session, "t") == 3)
            try run(session, "BEGIN", "INSERT INTO own VALUES (2)", "ROLLBACK")
            #expect(try sum(session, "own") == 1)
            try run(session, "START TRANSACTION READ ONLY")
            #expect(throws: DatabaseError.self) { try run(session, "DELETE FROM t") }
            try run(session, "COMMIT")
        }
    }

    @Test(arguments: [false, true]) func labelsHappenOnce(isStored: Bool) throws {
        try withDatabase(isStored) { database in
            let session = database.makeSession()
            try run(session, "CREATE TABLE t (a BIGINT)")
            for _ in 0..<2 {
                try run(session, "INSERT INTO t WITH LABEL first VALUES (1)")
                try run(session, "BEGIN", "INSERT INTO t WITH LABEL second VALUES (10)", "COMMIT")
            }
            #expect(try session.execute("SHOW WARNINGS").rowCount == 0)
            try run(session, "INSERT INTO t WITH LABEL first VALUES (1)")
            #expect(
                try session.execute("SHOW WARNINGS").texts(1)[0]?.contains("'first' was committed")
                    == true)
            // One that was undone may come again.
            try run(session, "BEGIN", "INSERT INTO t WITH LABEL third VALUES (100)", "ROLLBACK")
            try run(session, "INSERT INTO t WITH LABEL third VALUES (100)")
            #expect(try sum(session, "t") == 111)
        }
    }
}

/// Tells the reader when the writer has ended.
private final class MovingState: Sendable {
    let isDone = Atomic<Bool>(false)
}
