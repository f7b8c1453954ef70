// BEGIN, COMMIT and ROLLBACK, alone and beside others, and INSERTs with labels.

import Starling
import StarlingMemory
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
