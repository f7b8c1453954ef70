// OPTIMIZE TABLE and sorted loads: what scans leave out, that rows and versions stay what they were, in
// memory, in a folder and after opening again, and beside sessions that change rows.

import Starling
import StarlingMemory
import Testing

@Suite struct OptimizeTests {
    private final class Folder {
        let path = temporaryFolder() + "/starling-optimize-\(UInt64.random(in: 0 ... .max))"

        deinit { removeFolder(path) }

        func open(logByteCount: Int = 1 << 24) throws -> Session {
            var configuration = Configuration(threadCount: 2)
            configuration.logByteCount = logByteCount
            return try Database(path: path, configuration: configuration).makeSession()
        }
    }

    private let folder = Folder()

    private func run(_ session: Session, _ statements: String...) throws {
        for statement in statements { _ = try session.execute(statement) }
    }

    private func number(_ session: Session, _ query: String) throws -> Int64? {
        try session.execute(query).integers(0)[0]
    }

    /// The rows that a query scans, as EXPLAIN ANALYZE has it.
    private func scanned(_ session: Session, _ query: String) throws -> Int {
        let lines = try session.execute("EXPLAIN ANALYZE " + query).texts(0).compactMap { $0 }
        let parts = lines.compactMap { $0.split(separator: ", scanned ").dropFirst().first }
        return parts.reduce(0) { $0 + (Int($1.prefix { $0.isNumber }) ?? 0) }
    }

    /// 300,000 rows whose columns have no order.
    private static let rows =
        "SELECT generate_series AS id, generate_series * 7919 % 1000 AS a, "
        + "generate_series * 104729 % 999 AS b, concat('text ', generate_series % 13) AS c "
        + "FROM TABLE(generate_series(1, 300000))"

    // MARK: Order

    @Test(arguments: [false, true]) func loadsAreSorted(isStored: Bool) throws {
        let session = try isStored ? folder.open() : Database().makeSession()
        try run(
            session, "CREATE TABLE plain AS \(Self.rows)",
            "CREATE TABLE sorted ORDER BY (a, b) AS \(Self.rows)",
            "CREATE TABLE curved ORDER BY zorder(a, b) AS \(Self.rows)",
            "CREATE TABLE turned ORDER BY hilbert(a, b) AS \(Self.rows)")
        for table in ["plain", "sorted", "curved", "turned"] {
            #expect(
                try number(session, "SELECT sum(id) FROM \(table) WHERE a = 17")
                    == number(session, "SELECT sum(id) FROM plain WHERE a = 17"))
        }
        let (byA, byB) = ("SELECT sum(id) FROM t WHERE a = 17", "SELECT sum(id) FROM t WHERE b < 9")
        func scanned(_ query: String, _ table: String) throws -> Int {
            let named = query.split(separator: " t ").joined(separator: " \(table) ")
            return try self.scanned(session, named)
        }
        #expect(try scanned(byA, "plain") > 290_000)
        #expect(try scanned(byA, "sorted") <= 4_096)
        for table in ["curved", "turned"] {
            #expect(try scanned(byA, table) < 60_000)
            #expect(try scanned(byB, table) < 60_000)
        }
    }

    @Test func aSortThatSpillsKeepsTheOrder() throws {
        let session = Database().makeSession()
        try run(
            session, "SET force_spill = true",
            "CREATE TABLE t ORDER BY (a, id) AS \(Self.rows)", "SET force_spill = false")
        #expect(try number(session, "SELECT count(DISTINCT id) FROM t") == 300_000)
        #expect(try scanned(session, "SELECT sum(id) FROM t WHERE a = 17") <= 4_096)
    }

    @Test(arguments: [false, true]) func optimizingMergesLoads(isStored: Bool) throws {
        let session = try isStored ? folder.open() : Database().makeSession()
        try run(session, "CREATE TABLE t (id BIGINT, a BIGINT, b BIGINT, c STRING) ORDER BY (a)")
        for start in 0..<6 {
            try run(session, "INSERT INTO t \(Self.rows) WHERE generate_series % 6 = \(start)")
        }
        let before = try number(session, "SELECT sum(id * a + b) FROM t")
        let loose = try scanned(session, "SELECT sum(id) FROM t WHERE a = 17")
        try run(session, "OPTIMIZE TABLE t FINAL")
        #expect(try number(session, "SELECT sum(id * a + b) FROM t") == before)
        #expect(try scanned(session, "SELECT sum(id) FROM t WHERE a = 17") <= 2_048)
        #expect(loose > 2_048)
        // Once more there is nothing to do.
        #expect(try session.execute("OPTIMIZE TABLE t FINAL").affectedRowCount == 0)
        #expect(try session.execute("OPTIMIZE TABLE t").affectedRowCount == 0)
    }

    @Test(arguments: [true, false]) func smallLoadsAreNotManySegments(isAutomatic: Bool) throws {
        let session = try folder.open()
        try run(
            session, "SET enable_automatic_compaction = \(isAutomatic)",
            "CREATE TABLE t (id BIGINT, a STRING)",
            "CREATE TABLE s (id BIGINT, a STRING) ORDER BY (a)")
        for start in 0..<20 {
            for table in ["t", "s"] {
                // More than fits the log, so that each load gets a file.
                try run(
                    session,
                    "INSERT INTO \(table) SELECT generate_series, concat_ws(' ', "
                        + "xx_hash3_64(concat(generate_series, 'a')), "
                        + "xx_hash3_64(concat(generate_series, 'b')), "
                        + "xx_hash3_64(concat(generate_series, 'c')), "
                        + "xx_hash3_64(concat(generate_series, 'd'))) FROM TABLE(generate_series("
                        + "\(start * 3_000 + 1), \(start * 3_000 + 3_000)))")
            }
        }
        session.database.runBackgroundTasks()
        for table in ["t", "s"] {
            let lines = try session.execute(
                "EXPLAIN ANALYZE SELECT sum(length(a)) FROM \(table)"
            )
            .texts(0).compactMap { $0 }
            let scan = try #require(lines.first { $0.contains("SCAN") })
            // How many loads were packed together depends on when.
            #expect(scan.contains("parts 20") != isAutomatic, "\(scan)")
            #expect(
                try session.execute("SELECT count(*), count(DISTINCT id), sum(id) FROM \(table)")
                    .rows
                    == [[60_000, 60_000, 1_800_030_000]])
        }
    }

    @Test func whatQueriesAskIsRemembered() throws {
        do {
            let session = try folder.open()
            try run(session, "CREATE TABLE t AS \(Self.rows)")
            #expect(try session.execute("RECOMMEND CLUSTERING FOR t").rowCount == 0)
            for value in 1...5 {
                try run(session, "SELECT count(*) FROM t WHERE b = \(value)")
            }
        }
        let session = try folder.open()
        let advice = try session.execute("RECOMMEND CLUSTERING FOR t").texts(0)
        #expect(advice[0] == "as it is")
        #expect(advice[1] == "(b)")
        let before = try scanned(session, "SELECT sum(id) FROM t WHERE b = 7")
        let sum = try number(session, "SELECT sum(id) FROM t WHERE b = 7")
        try run(session, "OPTIMIZE TABLE t CLUSTER AUTO")
        #expect(try scanned(session, "SELECT sum(id) FROM t WHERE b = 7") * 50 < before)
        #expect(try number(session, "SELECT sum(id) FROM t WHERE b = 7") == sum)
        let definition = try session.execute("SHOW CREATE TABLE t").texts(1)[0]
        #expect(definition?.contains("ORDER BY (b)") == true)
    }

    // MARK: Versions

    @Test func versionsStayAfterOpeningAgain() throws {
        func check(_ session: Session) throws {
            #expect(try number(session, "SELECT count(*) FROM t FOR VERSION AS OF 2") == 300_000)
            #expect(try number(session, "SELECT count(*) FROM t FOR VERSION AS OF 3") == 299_000)
            #expect(try number(session, "SELECT count(*) FROM CHANGES(t, 3, 4)") == 0)
            #expect(try number(session, "SELECT count(*) FROM CHANGES(t, 4, 3)") == 0)
            #expect(
                try session.execute(
                    "SELECT weight, count(*), min(id) FROM CHANGES(t, 2) GROUP BY weight "
                        + "ORDER BY weight"
                ).rows == [[-1, 1_001, 5], [1, 1, -5]])
            #expect(
                try session.execute("SELECT weight, id FROM CHANGES(t, 5, 3) ORDER BY weight").rows
                    == [[-1, -5]])
            #expect(try number(session, "SELECT count(*) FROM t WHERE a = 17") == 299)
            #expect(try number(session, "SELECT count(*) FROM t") == 299_000)
        }
        do {
            let session = try folder.open()
            try run(
                session, "CREATE TABLE t (id BIGINT, a BIGINT, b BIGINT, c STRING) ORDER BY (a)",
                "INSERT INTO t \(Self.rows)", "DELETE FROM t WHERE id BETWEEN 5 AND 1004",
                "OPTIMIZE TABLE t FINAL", "INSERT INTO t (id, a) VALUES (-5, -1)",
                "DELETE FROM t WHERE id = 2000", "OPTIMIZE TABLE t FINAL")
            try check(session)
        }
        try check(try folder.open())
        // The log begins anew, with what it knows of all versions.
        try check(try folder.open(logByteCount: 1))
        let session = try folder.open()
        try check(session)
        #expect(try session.execute("OPTIMIZE TABLE t FINAL").affectedRowCount == 0)
    }

    // MARK: Beside others

    @Test func changesMeanwhileAreKept() async throws {
        let database = Database()
        let setup = database.makeSession()
        _ = try await setup.execute("CREATE TABLE t ORDER BY (a) AS \(Self.rows)")
        await withTaskGroup(of: Void.self) { group in
            let changes = (1...20).flatMap { step in
                [
                    "INSERT INTO t VALUES (\(-step), \(step), 0, 'new')",
                    "DELETE FROM t WHERE id = \(step * 10)",
                    "UPDATE t SET b = -1 WHERE id = \(step * 10 + 1)",
                ]
            }
            for statements in [changes, Array(repeating: "OPTIMIZE TABLE t FINAL", count: 8)] {
                group.addTask {
                    let session = database.makeSession()
                    for statement in statements {
                        do { _ = try await session.execute(statement) } catch {
                            Issue.record("\(statement): \(error)")
                        }
                    }
                }
            }
        }
        #expect(try number(setup, "SELECT count(*) FROM t") == 300_000)
        #expect(try number(setup, "SELECT count(DISTINCT id) FROM t") == 300_000)
        #expect(try number(setup, "SELECT count(*) FROM t WHERE id < 0") == 20)
        #expect(try number(setup, "SELECT count(*) FROM t WHERE b = -1") == 20)
        #expect(try number(setup, "SELECT count(*) FROM t WHERE id IN (10, 200)") == 0)
    }
}
