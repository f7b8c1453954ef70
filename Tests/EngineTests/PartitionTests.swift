// Partitions of tables: what EXPLAIN says of them, DDL that makes the same table again, a database that
// is opened again, sessions at once, and loads into many partitions with little memory.

import Starling
import StarlingMemory
import StarlingThreads
import Testing

@Suite struct PartitionTests {
    private let session = Database().makeSession()

    private func run(_ statements: String...) throws {
        for statement in statements { _ = try session.execute(statement) }
    }

    /// The line of a scan in EXPLAIN.
    private func scan(_ query: String, _ mode: String = "") throws -> String {
        let lines = try session.execute("EXPLAIN \(mode) " + query).texts(0).compactMap { $0 }
        return try #require(lines.first { $0.contains("SCAN") })
    }

    @Test func queriesLeavePartitionsOut() throws {
        try run(
            "CREATE TABLE t (at DATETIME, city VARCHAR(10), v INT) PARTITION BY date_trunc('month', at)",
            "INSERT INTO t SELECT days_add('2022-01-01 05:00:00', generate_series), 'x', "
                + "generate_series FROM TABLE(generate_series(0, 729))")
        let query = "SELECT sum(abs(v)) FROM t WHERE at >= '2022-03-01' AND at < '2022-05-01'"
        #expect(try scan(query).contains("partitions=2/24"))
        #expect(try scan(query, "ANALYZE").contains("partitions=2/24, parts 2, pruned 22"))
        #expect(try scan("SELECT v FROM t", "ANALYZE").contains("partitions=24/24"))
        #expect(try scan("SELECT v FROM t WHERE at > '2050-01-01'").contains("partitions=0/24"))
        for condition in [
            "date_trunc('month', at) = '2022-03-01'", "to_date(at) = '2022-03-07'",
            "at BETWEEN '2022-03-02' AND '2022-03-03'", "date_trunc('day', at) IN ('2022-03-07')",
        ] {
            #expect(try scan("SELECT v FROM t WHERE \(condition)").contains("partitions=1/24"))
        }
        #expect(try scan("SELECT v FROM t WHERE year(at) < 2023").contains("partitions=12/24"))
        // 59 … 119, the days of March and April.
        #expect(try session.execute(query).rows == [[5_429]])
    }

    @Test func partitionsGoByTheClock() throws {
        var configuration = Configuration(threadCount: 2)
        configuration.refreshesViews = false
        let database = Database(configuration: configuration)
        let session = database.makeSession()
        for statement in [
            "CREATE TABLE t (d DATE, v INT) PARTITION BY date_trunc('day', d)",
            "INSERT INTO t VALUES ('2024-01-01', 1), ('2024-01-02', 2), ('2024-01-03', 3)",
            "ALTER TABLE t SET ('partition_live_number' = '2')",
            "CREATE TABLE kept (d DATE, v INT) PARTITION BY date_trunc('day', d)",
            "INSERT INTO kept VALUES ('2024-01-01', 1), ('2024-01-02', 2), ('2024-01-03', 3)",
        ] {
            _ = try session.execute(statement)
        }
        let sum = "SELECT (SELECT sum(v) FROM t), (SELECT sum(v) FROM kept)"
        #expect(try session.execute(sum).rows == [[6, 6]])
        _ = database.refreshDueViews()
        #expect(try session.execute(sum).rows == [[5, 6]])
        _ = try session.execute("ALTER TABLE t SET ('partition_live_number' = '1')")
        _ = database.refreshDueViews()
        #expect(try session.execute(sum).rows == [[5, 6]])
        database.refreshDueViews(at: wallClockMicroseconds() + 601_000_000)
        #expect(try session.execute(sum).rows == [[3, 6]])
    }

    @Test func listsAndTextsLeavePartitionsOut() throws {
        try run(
            "CREATE TABLE l (city VARCHAR(10), v INT) PARTITION BY LIST (city) "
                + "(PARTITION a VALUES IN ('Aachen', 'Zwickau'), PARTITION b VALUES IN ('Bonn'), "
                + "PARTITION n VALUES IN (NULL))",
            "INSERT INTO l VALUES ('Aachen', 1), ('Zwickau', 2), ('Bonn', 4), (NULL, 8)")
        #expect(try scan("SELECT v FROM l WHERE city = 'Bonn'").contains("partitions=1/3"))
        #expect(try scan("SELECT v FROM l WHERE city > 'M'").contains("partitions=1/3"))
        #expect(try scan("SELECT v FROM l WHERE city IS NULL").contains("partitions=1/3"))
        #expect(try scan("SELECT v FROM l WHERE city IN ('x', 'Bonn')").contains("partitions=1/3"))
        #expect(try session.execute("SELECT sum(v) FROM l WHERE city > 'M'").rows == [[2]])
        #expect(try session.execute("SELECT sum(v) FROM l WHERE city IS NOT NULL").rows == [[7]])
    }

    @Test(arguments: [
        "CREATE TABLE t (a int NOT NULL, b varchar(10), c bigint SUM DEFAULT '0') AGGREGATE KEY (a, b) "
            + "PARTITION BY LIST (b, a) (PARTITION p VALUES IN (('x', '1'), (NULL, '2')))",
        "CREATE TABLE t (d date, v int) PARTITION BY RANGE (d) (PARTITION p0 VALUES LESS THAN "
            + "('2020-01-01'), START ('2020-01-01') END ('2020-03-01') EVERY (INTERVAL 1 MONTH), "
            + "PARTITION rest VALUES LESS THAN (MAXVALUE))",
        "CREATE TABLE t (a int, b int) PARTITION BY RANGE (a, b) (PARTITION p VALUES LESS THAN ('1', "
            + "'2'), PARTITION q VALUES LESS THAN ('1', MAXVALUE))",
        "CREATE TABLE t (a int, b datetime, INDEX i (a) USING BITMAP) PARTITION BY a, "
            + "date_trunc('day', b) ORDER BY (b) PROPERTIES ('partition_live_number' = '5')",
        "CREATE TABLE t (k int, m avg(double), s int AS k + 1) AGGREGATE KEY (k, s) DISTRIBUTED BY "
            + "HASH (k) BUCKETS 3",
    ])
    func showCreateMakesTheSameTable(_ statement: String) throws {
        _ = try session.execute(statement)
        let text = try #require(try session.execute("SHOW CREATE TABLE t").texts(1)[0])
        func partitions() -> [[String?]] {
            guard let shown = try? session.execute("SHOW PARTITIONS FROM t") else { return [] }
            return [shown.texts(1), shown.texts(3), shown.texts(4)]
        }
        let before = partitions()
        try run("DROP TABLE t", text)
        #expect(try session.execute("SHOW CREATE TABLE t").texts(1)[0] == text)
        #expect(partitions() == before)
    }

    @Test func aDatabaseThatIsOpenedAgainHasThem() throws {
        let path = temporaryFolder() + "/starling-partitions-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        func open() throws -> Session {
            var configuration = Configuration(threadCount: 2)
            // The log begins anew all the time.
            configuration.logByteCount = 1_000
            return try Database(path: path, configuration: configuration).makeSession()
        }
        func shown(_ session: Session) throws -> [[String?]] {
            let result = try session.execute("SHOW PARTITIONS FROM t")
            let counts = try result.integers(8).map { $0.map { String($0) } }
            return [result.texts(1), result.texts(4), counts]
        }
        var before: [[String?]] = []
        do {
            let session = try open()
            _ = try session.execute(
                "CREATE TABLE t (d DATE, v BIGINT) PARTITION BY RANGE (d) (PARTITION a VALUES LESS THAN "
                    + "('2020-01-01'), PARTITION b VALUES LESS THAN ('2021-01-01'))")
            for number in 0..<30 {
                _ = try session.execute(
                    "INSERT INTO t VALUES ('2019-01-01', \(number)), ('2020-05-05', \(number))")
            }
            for statement in [
                "ALTER TABLE t ADD PARTITIONS START ('2021-01-01') END ('2023-01-01') "
                    + "EVERY (INTERVAL 1 YEAR)",
                "INSERT INTO t SELECT '2021-06-06', generate_series FROM TABLE(generate_series(1, 70000))",
                "ALTER TABLE t ADD COLUMN w INT DEFAULT '3' FIRST",
                "ALTER TABLE t RENAME PARTITION b second", "DELETE FROM t WHERE v = 7",
                "INSERT INTO t VALUES (5, '2022-01-01', 9)", "ALTER TABLE t DROP PARTITION p2022",
                "ALTER TABLE t ADD TEMPORARY PARTITION x VALUES LESS THAN ('2020-01-01')",
                "INSERT INTO t TEMPORARY PARTITION (x) VALUES (1, '2018-01-01', 1)",
            ] {
                _ = try session.execute(statement)
            }
            before = try shown(session)
        }
        #expect(before[0] == ["a", "second", "p2021"])
        #expect(before[2] == ["29", "29", "69999"])
        for _ in 0..<2 {
            let session = try open()
            #expect(try shown(session) == before)
            #expect(
                try session.execute("SELECT count(*), sum(v) FROM t PARTITION (a, second)").rows
                    == [[58, 856]])
            #expect(
                try session.execute("SELECT w, v FROM t TEMPORARY PARTITION (x)").rows == [[1, 1]])
            #expect(throws: DatabaseError.self) {
                try session.execute("INSERT INTO t VALUES (1, '2022-01-01', 1)")
            }
            _ = try session.execute("CREATE OR REPLACE VIEW v AS SELECT 1")
        }
        let session = try open()
        _ = try session.execute("ALTER TABLE t REPLACE PARTITION (a) WITH TEMPORARY PARTITION (x)")
        _ = try session.execute("CREATE TABLE c CLONE t")
        _ = try session.execute("ALTER TABLE t DROP PARTITION a")
        let again = try open2(session, path)
        #expect(try again.execute("SELECT v FROM c PARTITION (a)").rows == [[1]])
        #expect(try again.execute("SELECT count(*) FROM t").rows == [[70_028]])
    }

    /// Reads the database as it is, beside the session that has it.
    private func open2(_ session: Session, _ path: String) throws -> Session {
        var configuration = Configuration(threadCount: 1)
        configuration.isReadOnly = true
        return try Database(path: path, configuration: configuration).makeSession()
    }

    @Test func sessionsMakeThePartitionOfAValueOnce() async throws {
        let database = Database()
        _ = try await database.makeSession().execute("CREATE TABLE t (a INT, b INT) PARTITION BY a")
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let session = database.makeSession()
                    for number in 0..<20 {
                        do {
                            _ = try await session.execute(
                                "INSERT INTO t VALUES (\(number), \(worker)), (\(number + 1), 0)")
                        } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
            }
        }
        let session = database.makeSession()
        #expect(try await session.execute("SHOW PARTITIONS FROM t").rowCount == 21)
        #expect(try await session.execute("SELECT count(*) FROM t PARTITION (p5)").rows == [[8]])
    }

    @Test func aTransactionMakesPartitionsWhenItCommits() throws {
        try run(
            "CREATE TABLE t (a INT) PARTITION BY a", "INSERT INTO t VALUES (1), (2)", "BEGIN",
            "INSERT INTO t VALUES (3), (1)", "TRUNCATE TABLE t PARTITION (p2)")
        #expect(throws: DatabaseError.self) {
            try session.execute("ALTER TABLE t DROP PARTITION p1")
        }
        #expect(try session.execute("SELECT a FROM t ORDER BY a").rows == [[1], [1], [3]])
        try run("COMMIT")
        #expect(try session.execute("SELECT a FROM t PARTITION (p3)").rows == [[3]])
        #expect(try session.execute("SELECT count(*) FROM t PARTITION (p1, p2)").rows == [[2]])
        try run("BEGIN", "INSERT INTO t VALUES (9)", "ROLLBACK")
        #expect(try session.execute("SHOW PARTITIONS FROM t").rowCount == 3)
    }

    @Test func manyPartitionsAreLoadedWithLittleMemory() throws {
        let path = temporaryFolder() + "/starling-partitions-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        let session = try Database(path: path).makeSession()
        _ = try session.execute("SET query_mem_limit = 16000000")
        _ = try session.execute(
            "CREATE TABLE t PARTITION BY p AS SELECT generate_series % 500 AS p, generate_series AS v, "
                + "concat('a text of some length ', generate_series) AS s "
                + "FROM TABLE(generate_series(1, 400000))")
        #expect(
            try session.execute("SELECT count(*), sum(v) FROM t WHERE p = 77").rows
                == [[800, 159_861_600]])
        #expect(try session.execute("SHOW PARTITIONS FROM t").rowCount == 500)
        let counts = try session.execute("SELECT count(DISTINCT p), max(v) FROM t")
        #expect(counts.rows == [[500, 400_000]])
    }
}
