// Materialized views over files: what a refresh reads when files come, go and are written anew, and which
// queries read a view instead of its files. Expected rows are written here.

import Starling
import StarlingMemory
import Testing

struct FileViewTests {
    private let folder = temporaryFolder() + "/starling-files-\(UInt64.random(in: 0 ... .max))"

    /// Runs statements over a folder of files, `%` being its path, and returns what they give.
    private func rows(_ session: Session, _ sql: String) throws -> [[[String?]]] {
        let text = sql.split(separator: "%", omittingEmptySubsequences: false)
            .joined(separator: folder)
        var results: [[[String?]]] = []
        try session.executeScript(text) { result in
            guard !result.columns.isEmpty, result.columns[0].name != "rows_written" else { return }
            let columns = result.columns.indices.map { result.texts($0) }
            results.append((0..<result.rowCount).map { row in columns.map { $0[row] } })
        }
        return results
    }

    private let sums = """
        COPY (SELECT 1 AS k, 10 AS v UNION ALL SELECT 2, 20) TO '%/f/a.parquet';
        CREATE MATERIALIZED VIEW sums REFRESH MANUAL AS
        SELECT k, sum(v) AS s FROM '%/f/*.parquet' GROUP BY k;

        """

    private let lastRun = """
        SELECT STATE, DETAIL, ROWS_CHANGED FROM information_schema.task_runs
        ORDER BY QUERY_ID DESC LIMIT 1;

        """

    @Test(arguments: ["parquet", "csv", "json", "arrow"])
    func newFilesAreAdded(_ format: String) throws {
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        let script = """
            COPY (SELECT 1 AS k, 10 AS v UNION ALL SELECT 2, 20) TO '%/f/a.\(format)';
            CREATE MATERIALIZED VIEW sums REFRESH MANUAL AS
            SELECT k, sum(v) AS s FROM '%/f/*.\(format)' GROUP BY k;
            COPY (SELECT 2 AS k, 5 AS v UNION ALL SELECT 3, 7) TO '%/f/b.\(format)';
            REFRESH MATERIALIZED VIEW sums;
            SELECT * FROM sums ORDER BY k;
            \(lastRun)
            REFRESH MATERIALIZED VIEW sums;
            \(lastRun)
            """
        let found = try rows(session, script)
        #expect(found[0] == [["1", "10"], ["2", "25"], ["3", "7"]])
        #expect(found[1] == [["SUCCESS", "changes", "3"]])
        #expect(found[2] == [["SKIPPED", "nothing had changed", "0"]])
    }

    @Test func filesThatAreGoneOrOthersAreNamed() throws {
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        let script = """
            \(sums)
            COPY (SELECT 1 AS k, 11 AS v UNION ALL SELECT 2, 20) TO '%/f/a.parquet';
            REFRESH MATERIALIZED VIEW sums;
            SELECT * FROM sums ORDER BY k;
            \(lastRun)
            COPY (SELECT 3 AS k, 300 AS v) TO '%/f/b.parquet';
            REFRESH MATERIALIZED VIEW sums;
            SELECT * FROM sums ORDER BY k;
            \(lastRun)
            """
        let found = try rows(session, script)
        #expect(found[0] == [["1", "11"], ["2", "20"]])
        #expect(found[1][0][1] == "all rows: '\(folder)/f/a.parquet' was written anew")
        #expect(found[2] == [["1", "11"], ["2", "20"], ["3", "300"]])
        #expect(found[3][0][1]?.hasSuffix("/f/*.parquet have other columns now") == true)
        removeFolder(folder + "/f/b.parquet")
        let left = try rows(
            session, "REFRESH MATERIALIZED VIEW sums; SELECT * FROM sums; \(lastRun)")
        #expect(left[0].count == 2)
        #expect(left[1][0][1]?.hasPrefix("all rows: ") == true)
    }

    /// That files have no NULLs now says nothing of those that come.
    @Test func filesMayGetNulls() throws {
        defer { removeFolder(folder) }
        let found = try rows(
            Database().makeSession(),
            """
            COPY (SELECT CAST(2 AS INT) AS a) TO '%/f/a.parquet';
            CREATE TABLE t (b INT NOT NULL, d INT);
            INSERT INTO t VALUES (2, 1), (3, 1), (3, 2);
            CREATE MATERIALIZED VIEW found REFRESH MANUAL AS SELECT d, count(*) AS n FROM t
            WHERE b IN (SELECT a FROM '%/f/*.parquet') OR d = 9 GROUP BY d;
            SELECT * FROM found ORDER BY d;
            COPY (SELECT CAST(3 AS INT) AS a UNION ALL SELECT NULL) TO '%/f/a.parquet';
            INSERT INTO t VALUES (3, 2), (4, 9);
            REFRESH MATERIALIZED VIEW found;
            SELECT * FROM found ORDER BY d;
            """)
        #expect(found == [[["1", "1"]], [["1", "1"], ["2", "2"], ["9", "1"]]])
    }

    /// What was in a file is not known when it is gone, but its folder says to which partition it belonged.
    @Test func filesOfFoldersChangeTheirPartitions() throws {
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        let refresh = """
            REFRESH MATERIALIZED VIEW sums;
            SELECT * FROM sums ORDER BY day, k;
            \(lastRun)
            """
        let made = try rows(
            session,
            """
            COPY (SELECT 1 AS k, 10 AS v) TO '%/f/day=2026-01-01/a.parquet';
            COPY (SELECT 1 AS k, 20 AS v) TO '%/f/day=2026-01-02/a.parquet';
            COPY (SELECT 1 AS k, 30 AS v) TO '%/f/day=2026-01-03/a.parquet';
            COPY (SELECT 2 AS k, 40 AS v) TO '%/f/day=2026-01-03/b.parquet';
            CREATE MATERIALIZED VIEW sums PARTITION BY day REFRESH MANUAL AS
            SELECT day, k, sum(v) AS s FROM '%/f/*/*.parquet' GROUP BY day, k;
            COPY (SELECT 1 AS k, 21 AS v) TO '%/f/day=2026-01-02/a.parquet';
            COPY (SELECT 3 AS k, 50 AS v) TO '%/f/day=2026-01-04/a.parquet';
            \(refresh)
            """)
        #expect(
            made[0] == [
                ["2026-01-01", "1", "10"], ["2026-01-02", "1", "21"], ["2026-01-03", "1", "30"],
                ["2026-01-03", "2", "40"], ["2026-01-04", "3", "50"],
            ])
        let written = "'\(folder)/f/day=2026-01-02/a.parquet' was written anew"
        #expect(made[1] == [["SUCCESS", "2 partitions: \(written)", "3"]])
        removeFolder(folder + "/f/day=2026-01-01")
        removeFolder(folder + "/f/day=2026-01-03/b.parquet")
        let left = try rows(session, refresh)
        #expect(
            left[0] == [
                ["2026-01-02", "1", "21"], ["2026-01-03", "1", "30"], ["2026-01-04", "3", "50"],
            ])
        let gone = "'\(folder)/f/day=2026-01-01/a.parquet' is gone"
        #expect(left[1] == [["SUCCESS", "2 partitions: \(gone)", "4"]])
        let same = try rows(session, refresh)
        #expect(same[1] == [["SKIPPED", "nothing had changed", "0"]])
    }

    /// What the view has read survives; queries over the same files read the view and the new file.
    @Test func viewsOfADatabaseInAFolderGoOn() throws {
        defer { removeFolder(folder) }
        let path = folder + "-database"
        defer { removeFolder(path) }
        _ = try rows(
            Database(path: path).makeSession(),
            sums.replacing(
                "SELECT 2, 20",
                with: "SELECT mod(generate_series, 2), 1 FROM "
                    + "TABLE(generate_series(1, 1000))"))
        let session = try Database(path: path).makeSession()
        let query = "SELECT k, sum(v) FROM '%/f/*.parquet' GROUP BY k"
        let found = try rows(
            session,
            """
            COPY (SELECT 7 AS k, 70 AS v) TO '%/f/b.parquet';
            EXPLAIN REWRITE \(query);
            \(query) ORDER BY k;
            EXPLAIN REWRITE SELECT k, sum(v) FROM '%/f/b.parquet' GROUP BY k;
            REFRESH MATERIALIZED VIEW sums;
            \(lastRun)
            """)
        #expect(
            found[0] == [["sums", "yes", "with what has changed since its last refresh"]])
        #expect(found[1] == [["0", "500"], ["1", "510"], ["7", "70"]])
        #expect(found[2] == [["sums", "no", "the query does not read all of its files"]])
        #expect(found[3] == [["SUCCESS", "changes", "1"]])
    }

    /// Instants are other values in a session of another zone.
    @Test func anotherZoneReadsTheFiles() throws {
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        let query = "SELECT k, sum(v) FROM '%/f/*.parquet' GROUP BY k"
        let found = try rows(
            session, "\(sums) SET time_zone = '+05:00'; EXPLAIN REWRITE \(query);")
        #expect(found[0][0][1] == "no")
    }

    @Test func filesChangeWithoutACommit() throws {
        defer { removeFolder(folder) }
        let session = Database().makeSession()
        _ = try rows(session, sums)
        #expect {
            _ = try rows(session, "CREATE MATERIALIZED VIEW now AS SELECT k FROM '%/f/*.parquet'")
        } throws: {
            "\($0)".contains("changes without one; REFRESH MANUAL or REFRESH ASYNC EVERY")
        }
        #expect {
            _ = try rows(
                session,
                """
                CREATE MATERIALIZED VIEW numbered REFRESH INCREMENTAL
                AS SELECT k, file_index FROM '%/f/*.parquet'
                """)
        } throws: {
            "\($0)".contains("file_index counts the files that there are")
        }
    }
}
