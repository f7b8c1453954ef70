// Materialized views on disk: they survive closing the database, their log may begin anew, and what
// changed before is found again.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

struct StoredViewTests {
    private final class Folder {
        let path = temporaryFolder() + "/starling-views-\(UInt64.random(in: 0 ... .max))"
        deinit { removeFolder(path) }

        func run(
            _ sql: String, logByteCount: Int = 1 << 24
        ) throws -> [[Int64?]] {
            var configuration = Configuration(threadCount: 2)
            configuration.logByteCount = logByteCount
            let session = try Database(path: path, configuration: configuration).makeSession()
            var last: Result?
            try session.executeScript(sql) { last = $0 }
            guard let last else { return [] }
            let columns = try last.columns.indices.map { try last.integers($0) }
            return (0..<last.rowCount).map { row in columns.map { $0[row] } }
        }
    }

    /// What computes the rows of a table that views feed holds none of theirs.
    @Test func droppedViewsLeaveNoFiles() throws {
        let folder = Folder()
        _ = try folder.run(
            """
            CREATE TABLE b (k INT, v BIGINT);
            INSERT INTO b SELECT x, murmur_hash3_32(CAST(x AS STRING)) * 7919
              FROM generate_series(1, 300000) AS g(x);
            CREATE TABLE target (k INT NOT NULL, v BIGINT);
            CREATE MATERIALIZED VIEW m INTO target AS SELECT k, v FROM b WHERE k >= 0;
            DELETE FROM b WHERE k > 0;
            DROP MATERIALIZED VIEW m;
            DROP TABLE target FORCE;
            DROP TABLE b FORCE;
            CREATE TABLE t (a INT);
            INSERT INTO t VALUES (1);
            """)
        #expect(try LocalFileSystem().list(folder.path + "/segments").isEmpty)
    }

    /// What is packed anew between two refreshes has the same rows.
    @Test func packingCostsAViewNothing() throws {
        let folder = Folder()
        let found = try folder.run(
            """
            CREATE TABLE t (a INT, b INT);
            INSERT INTO t SELECT generate_series, generate_series % 10
              FROM TABLE(generate_series(0, 49999));
            CREATE MATERIALIZED VIEW sums REFRESH MANUAL AS
              SELECT b, count(*) AS n, sum(a) AS s FROM t GROUP BY b;
            CREATE MATERIALIZED VIEW highest REFRESH MANUAL AS
              SELECT b, max(a) AS hi FROM t GROUP BY b;
            OPTIMIZE TABLE t;
            INSERT INTO t VALUES (1, 1);
            OPTIMIZE TABLE t;
            INSERT INTO t VALUES (100000, 2);
            OPTIMIZE TABLE t;
            REFRESH MATERIALIZED VIEW sums;
            REFRESH MATERIALIZED VIEW highest;
            SELECT (SELECT sum(s) FROM sums), (SELECT max(hi) FROM highest),
              (SELECT max(ROWS_READ) < 20 FROM information_schema.task_runs);
            """)
        #expect(found == [[1_250_075_001, 100_000, 1]])
    }

    /// Versions are told by their numbers, which are those that the log counts when it is read again.
    @Test(arguments: [
        "ALTER TABLE t ADD PARTITION IF NOT EXISTS p1 VALUES LESS THAN ('5')",
        "ALTER TABLE t DROP PARTITION IF EXISTS p7",
        "ALTER TABLE t MODIFY PARTITION p1 SET ('storage_medium' = 'SSD')",
        "ALTER TABLE t TRUNCATE PARTITION p1",
        "INSERT OVERWRITE t PARTITION (p1) SELECT k, g FROM t WHERE FALSE",
    ])
    func whatChangesNothingCountsNoVersion(statement: String) throws {
        let folder = Folder()
        _ = try folder.run(
            """
            CREATE TABLE t (k INT, g INT) PARTITION BY RANGE (g)
              (PARTITION p0 VALUES LESS THAN ('2'), PARTITION p1 VALUES LESS THAN ('5'));
            INSERT INTO t VALUES (1, 1);
            CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT g, count(*) AS n FROM t GROUP BY g;
            \(statement);
            INSERT INTO t VALUES (2, 3);
            REFRESH MATERIALIZED VIEW m;
            """)
        _ = try folder.run("INSERT INTO t VALUES (3, 3)")
        let query = "SELECT g, count(*) FROM t GROUP BY g ORDER BY g"
        #expect(try folder.run(query) == [[1, 1], [3, 2]])
        #expect(
            try folder.run("REFRESH MATERIALIZED VIEW m; SELECT g, n FROM m ORDER BY g")
                == [[1, 1], [3, 2]])
    }

    @Test(arguments: [1 << 24, 1])
    func viewsSurvive(logByteCount: Int) throws {
        let folder = Folder()
        _ = try folder.run(
            """
            CREATE TABLE t (k INT, v INT);
            CREATE TABLE d (k INT, w INT);
            INSERT INTO t VALUES (1, 1), (2, 2);
            INSERT INTO d VALUES (1, 10);
            CREATE MATERIALIZED VIEW g AS SELECT k, sum(v) AS s, min(v) AS lo FROM t GROUP BY k
              HAVING sum(v) > 1;
            CREATE MATERIALIZED VIEW j AS SELECT t.k, v, w FROM t LEFT JOIN d ON t.k = d.k;
            CREATE MATERIALIZED VIEW m REFRESH MANUAL AS SELECT sum(s) AS total FROM g;
            INSERT INTO t VALUES (1, 5);
            """, logByteCount: logByteCount)
        #expect(
            try folder.run("SELECT * FROM g ORDER BY k", logByteCount: logByteCount)
                == [[1, 6, 1], [2, 2, 2]])
        #expect(
            try folder.run(
                "INSERT INTO d VALUES (2, 20); SELECT * FROM j ORDER BY k, v",
                logByteCount: logByteCount)
                == [[1, 1, 10], [1, 5, 10], [2, 2, 20]])
        // The refresh goes on from the versions of before the database was closed.
        #expect(
            try folder.run("SELECT total FROM m", logByteCount: logByteCount) == [[2]])
        #expect(
            try folder.run(
                """
                DELETE FROM t WHERE v = 1;
                REFRESH MATERIALIZED VIEW m;
                SELECT total, (SELECT count(*) FROM information_schema.materialized_views
                  WHERE LAST_REFRESH_DETAIL = 'changes') FROM m
                """, logByteCount: logByteCount) == [[7, 1]])
        #expect(
            try folder.run("SELECT * FROM g ORDER BY k", logByteCount: logByteCount)
                == [[1, 5, 5], [2, 2, 2]])
        _ = try folder.run("ALTER MATERIALIZED VIEW j RENAME jj", logByteCount: logByteCount)
        _ = try folder.run("DROP TABLE d; INSERT INTO t VALUES (3, 3)", logByteCount: logByteCount)
        #expect(
            try folder.run("SELECT count(*) FROM jj", logByteCount: logByteCount) == [[2]])
        #expect(
            try folder.run(
                """
                CREATE TABLE d (k INT, w INT);
                ALTER MATERIALIZED VIEW jj ACTIVE;
                SELECT count(*) FROM jj
                """, logByteCount: logByteCount) == [[3]])
        #expect(
            try folder.run(
                """
                DROP MATERIALIZED VIEW jj;
                DROP MATERIALIZED VIEW m;
                SELECT count(*) FROM information_schema.materialized_views
                """, logByteCount: logByteCount) == [[1]])
        #expect(
            try folder.run("SELECT count(*) FROM g", logByteCount: logByteCount) == [[3]])
    }

    /// Two sessions write at the same time; the view follows both.
    @Test func viewsFollowAllSessions() throws {
        let database = Database(configuration: Configuration(threadCount: 2))
        let (one, other) = (database.makeSession(), database.makeSession())
        _ = try one.execute("CREATE TABLE t (k INT, v INT)")
        _ = try one.execute(
            "CREATE MATERIALIZED VIEW g AS SELECT k, count(*) AS n, sum(v) AS s FROM t GROUP BY k")
        _ = try one.execute("BEGIN")
        _ = try one.execute("INSERT INTO t VALUES (1, 1)")
        _ = try other.execute("INSERT INTO t VALUES (1, 10)")
        #expect(try other.execute("SELECT s FROM g").integers(0) == [10])
        #expect(try one.execute("SELECT s FROM g").integers(0) == [1])
        _ = try one.execute("COMMIT")
        #expect(try other.execute("SELECT s FROM g").integers(0) == [11])
        #expect(try one.execute("SELECT n FROM g").integers(0) == [2])
    }
}
