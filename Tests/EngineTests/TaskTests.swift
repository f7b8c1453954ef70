// SUBMIT TASK: statements that the database runs by itself, once or by the clock.

import Starling
import StarlingMemory
import StarlingThreads
import Testing

struct TaskTests {
    private static let day: Int64 = 86_400_000_000

    private func database() -> Database {
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = false
        return Database(configuration: configuration)
    }

    private func number(_ session: Session, _ query: String) throws -> Int64? {
        try session.execute(query).integers(0)[0]
    }

    @Test func aTaskRunsOnce() throws {
        let database = database()
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE DATABASE shop;
            USE shop;
            CREATE TABLE t (k INT);
            SUBMIT TASK numbers PROPERTIES ('session.query_timeout' = '100')
              AS INSERT INTO t SELECT generate_series FROM TABLE(generate_series(1, 10));
            SUBMIT TASK AS CREATE TABLE copied AS SELECT count(*) AS n FROM t;
            """
        ) { _ in }
        let pending =
            "SELECT count(*) FROM information_schema.task_runs WHERE STATE = 'PENDING'"
        #expect(try number(session, pending) == 2)
        #expect(try number(session, "SELECT count(*) FROM t") == 0)
        #expect(database.refreshDueViews() == 2)
        #expect(database.refreshDueViews() == 0)
        #expect(try number(session, "SELECT n FROM copied") == 10)
        let done =
            "SELECT ROWS_CHANGED FROM information_schema.task_runs WHERE TASK_NAME = 'numbers' "
            + "AND STATE = 'SUCCESS' AND `DATABASE` = 'shop'"
        #expect(try number(session, done) == 10)
        _ = try session.execute("DROP TASK numbers")
        #expect(throws: DatabaseError.self) { try session.execute("DROP TASK numbers") }
    }

    @Test func tasksChangeRows() throws {
        let database = database()
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT, v INT) PRIMARY KEY (k);
            INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);
            SUBMIT TASK u AS UPDATE t SET v = v + 1 WHERE k = 1;
            SUBMIT TASK d AS DELETE FROM t WHERE k = 2;
            SUBMIT TASK m AS MERGE INTO t USING (SELECT 3 AS k UNION ALL SELECT 4) s ON t.k = s.k
              WHEN MATCHED THEN UPDATE SET v = 0 WHEN NOT MATCHED THEN INSERT VALUES (s.k, 40);
            """
        ) { _ in }
        #expect(database.refreshDueViews() == 3)
        #expect(try number(session, "SELECT sum(k * 1000 + v) FROM t") == 8_051)
        #expect(throws: DatabaseError.self) { try session.execute("SUBMIT TASK AS SELECT 1") }
    }

    @Test func whatFailsSaysWhy() throws {
        let database = database()
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            SUBMIT TASK bad AS INSERT INTO t SELECT 'no number';
            """
        ) { _ in }
        #expect(database.refreshDueViews() == 1)
        let failed =
            "SELECT count(*) FROM information_schema.task_runs WHERE TASK_NAME = 'bad' "
            + "AND STATE = 'FAILED' AND ERROR_MESSAGE LIKE '%no number%'"
        #expect(try number(session, failed) == 1)
    }

    @Test func theClockRunsTasksAgain() throws {
        let database = database()
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            SUBMIT TASK daily SCHEDULE EVERY(INTERVAL 1 DAY) AS INSERT INTO t VALUES (1);
            """
        ) { _ in }
        // The first run is at once.
        #expect(database.refreshDueViews() == 1)
        #expect(database.refreshDueViews() == 0)
        #expect(database.refreshDueViews(at: wallClockMicroseconds() + 3 * Self.day) == 1)
        #expect(try number(session, "SELECT count(*) FROM t") == 2)
        _ = try session.execute("DROP TASK daily")
        #expect(database.refreshDueViews(at: wallClockMicroseconds() + 6 * Self.day) == 0)
    }

    @Test func aDatabaseKeepsWhatRunsByTheClock() throws {
        let folder = temporaryFolder() + "/starling-tasks-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = false
        // The log begins anew with each commit.
        configuration.logByteCount = 0
        try Database(path: folder, configuration: configuration).makeSession().executeScript(
            """
            CREATE TABLE t (k INT);
            SUBMIT TASK `a task` SCHEDULE START('2020-01-31 00:00:00') EVERY(INTERVAL 1 DAY)
              AS INSERT INTO t VALUES (1);
            SUBMIT TASK gone SCHEDULE EVERY(INTERVAL 1 DAY) AS INSERT INTO t VALUES (2);
            DROP TASK gone;
            CREATE TABLE u (k INT);
            """
        ) { _ in }
        let database = try Database(path: folder, configuration: configuration)
        let session = database.makeSession()
        #expect(try number(session, "SELECT count(*) FROM information_schema.tasks") == 1)
        // What would have run while it was closed does not run any more.
        #expect(database.refreshDueViews() == 0)
        #expect(database.refreshDueViews(at: wallClockMicroseconds() + 2 * Self.day) == 1)
        #expect(try number(session, "SELECT sum(k) FROM t") == 1)
    }

    @Test func theThreadRunsTasks() throws {
        let session = Database(configuration: Configuration(threadCount: 2)).makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            SUBMIT TASK AS INSERT INTO t VALUES (1);
            """
        ) { _ in }
        let limit = wallClockMicroseconds() + 60_000_000
        while wallClockMicroseconds() < limit, try number(session, "SELECT count(*) FROM t") == 0 {}
        #expect(try number(session, "SELECT count(*) FROM t") == 1)
    }
}
