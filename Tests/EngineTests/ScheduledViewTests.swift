// Materialized views that are refreshed by the clock: by hand, and by the database's own thread; and
// refreshes that are stopped.

import Starling
import StarlingMemory
import StarlingThreads
import Testing

struct ScheduledViewTests {
    private static let day: Int64 = 86_400_000_000

    private func count(_ session: Session, _ table: String) throws -> Int64? {
        try session.execute("SELECT count(*) FROM \(table)").integers(0)[0]
    }

    @Test func missedTimesAreMadeUpForOnce() throws {
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = false
        let database = Database(configuration: configuration)
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            INSERT INTO t VALUES (1);
            CREATE MATERIALIZED VIEW m REFRESH ASYNC START('2020-01-31 00:00:00')
              EVERY(INTERVAL 1 DAY) AS SELECT k FROM t;
            CREATE MATERIALIZED VIEW n REFRESH ASYNC START('2020-01-31 00:00:00')
              EVERY(INTERVAL 1 YEAR) AS SELECT k FROM t;
            INSERT INTO t VALUES (2);
            """
        ) { _ in }
        #expect(database.refreshDueViews() == 0)
        #expect(try count(session, "m") == 1)
        // Later than the next time of the one, and earlier than that of the other.
        #expect(database.refreshDueViews(at: wallClockMicroseconds() + 3 * Self.day) == 1)
        #expect(try count(session, "m") == 2)
        #expect(try count(session, "n") == 1)
        #expect(database.refreshDueViews() == 0)
    }

    /// The view is known to the thread since it was made, or since the database was opened.
    @Test(arguments: [false, true])
    func theClockRefreshes(isOpenedAgain: Bool) throws {
        let folder = temporaryFolder() + "/starling-clock-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = !isOpenedAgain
        var session = try Database(path: folder, configuration: configuration).makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            CREATE MATERIALIZED VIEW m REFRESH DEFERRED ASYNC EVERY(INTERVAL 1 SECOND)
              AS SELECT count(*) AS n FROM t;
            INSERT INTO t VALUES (1), (2);
            """
        ) { _ in }
        if isOpenedAgain {
            session = Database().makeSession()
            session = try Database(path: folder).makeSession()
        }
        let limit = wallClockMicroseconds() + 60_000_000
        while wallClockMicroseconds() < limit,
            try session.execute("SELECT n FROM m").integers(0) != [2]
        {}
        #expect(try session.execute("SELECT n FROM m").integers(0) == [2])
        let runs = try session.execute(
            "SELECT count(*) FROM information_schema.task_runs WHERE CAUSE = 'PERIODICAL'")
        #expect(try #require(runs.integers(0)[0]) > 0)
    }

    /// Whoever lets go of a database may open it again at once, whatever its thread does.
    @Test(arguments: ["REFRESH ASYNC START('2999-01-31')", "REFRESH DEFERRED ASYNC"])
    func aDatabaseIsClosedWithItsLastSession(refresh: String) throws {
        let folder = temporaryFolder() + "/starling-clock-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        try Database(path: folder).makeSession().executeScript(
            """
            CREATE TABLE t (k INT);
            INSERT INTO t SELECT generate_series FROM TABLE(generate_series(1, 20000));
            CREATE MATERIALIZED VIEW m \(refresh) EVERY(INTERVAL 1 SECOND)
              AS SELECT count(*) AS n FROM t AS a JOIN t AS b ON a.k < b.k;
            """
        ) { _ in }
        for _ in 0..<300 {
            let session = try Database(path: folder).makeSession()
            #expect(try session.execute("SELECT count(*) FROM t").integers(0) == [20_000])
        }
    }

    @Test func viewsThatFailAgainAndAgainStandStill() throws {
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = false
        let database = Database(configuration: configuration)
        let session = database.makeSession()
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            CREATE MATERIALIZED VIEW m REFRESH ASYNC EVERY(INTERVAL 1 DAY)
              AS SELECT k, assert_true(k < 5) AS fits FROM t;
            INSERT INTO t VALUES (9);
            """
        ) { _ in }
        let query = "SELECT IS_ACTIVE, INACTIVE_REASON FROM information_schema.materialized_views"
        for day in 1...10 {
            #expect(try session.execute(query).texts(0) == ["true"])
            database.refreshDueViews(at: wallClockMicroseconds() + Int64(day) * 2 * Self.day)
        }
        let found = try session.execute(query)
        #expect(found.texts(0) == ["false"])
        #expect(found.texts(1)[0]?.contains("10 refreshes in a row have failed") == true)
    }

    /// Makes a view that takes long to compute.
    private func makeSlowView(_ session: Session) throws {
        try session.executeScript(
            """
            CREATE TABLE t (k INT);
            INSERT INTO t SELECT generate_series FROM TABLE(generate_series(1, 300000));
            CREATE MATERIALIZED VIEW m REFRESH DEFERRED MANUAL AS
              SELECT count(*) AS n FROM t AS a JOIN t AS b ON a.k < b.k;
            """
        ) { _ in }
    }

    /// Refreshes it in a thread of its own, and notes what came of it.
    private func refreshSlowView(_ session: Session) -> ConditionLocked<String?> {
        let outcome = ConditionLocked<String?>(nil)
        #expect(
            startThread {
                var message = "it ended"
                do { _ = try session.execute("REFRESH MATERIALIZED VIEW m") } catch {
                    message = "\(error)"
                }
                outcome.withLock { $0 = message }
                outcome.broadcast()
            })
        return outcome
    }

    /// Who drops a view does not wait for its refresh, and ends it.
    @Test func droppedViewsAreRefreshedNoMore() throws {
        let database = Database()
        let session = database.makeSession()
        try makeSlowView(session)
        let outcome = refreshSlowView(database.makeSession())
        let runs = "SELECT STATE FROM information_schema.task_runs"
        while try session.execute(runs).texts(0) != ["RUNNING"] {}
        // Others are answered meanwhile.
        #expect(try session.execute("SELECT count(*) FROM t WHERE k > 5").integers(0) == [299_995])
        _ = try session.execute("DROP MATERIALIZED VIEW m")
        #expect(outcome.wait(until: { $0 != nil }) { $0 }?.contains("cancelled") == true)
        #expect(try session.execute(runs).texts(0) == ["FAILED"])
    }

    @Test func refreshesAreStopped() throws {
        let database = Database()
        let session = database.makeSession()
        try makeSlowView(session)
        let outcome = refreshSlowView(database.makeSession())
        while outcome.withLock({ $0 == nil }) {
            _ = try session.execute("CANCEL REFRESH MATERIALIZED VIEW m")
        }
        #expect(outcome.withLock { $0 }?.contains("cancelled") == true)
        let run = try session.execute(
            "SELECT STATE, ERROR_MESSAGE FROM information_schema.task_runs")
        #expect(run.texts(0) == ["FAILED"])
        #expect(run.texts(1)[0]?.contains("cancelled") == true)
    }
}
