// A database in a folder: what was made is there after opening again, sessions that write at once lose
// nothing, and damage is an error that says where.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

/// Gives a test a folder for a database, and takes it away again.
private final class DatabaseFolder {
    let path = temporaryFolder() + "/starling-stored-\(UInt64.random(in: 0 ... .max))"

    deinit { removeFolder(path) }

    func open(readOnly: Bool = false, logByteCount: Int = 1 << 24) throws -> Session {
        var configuration = Configuration(threadCount: 2)
        configuration.logByteCount = logByteCount
        configuration.isReadOnly = readOnly
        return try Database(path: path, configuration: configuration).makeSession()
    }

    func bytes(of name: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(path + "/" + name)
        let buffer = try file.read(0..<file.byteCount)
        return (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
    }

    /// The bytes of all segments that lie in files.
    func segmentByteCount() throws -> Int {
        let files = LocalFileSystem()
        return try files.list(path + "/segments").reduce(0) { sum, file in
            try sum + (files.information(of: path + "/segments/" + file.name)?.byteCount ?? 0)
        }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try LocalFileSystem().create(path + "/" + name)
        try file.write(bytes)
        try file.close()
    }
}

@Suite struct StoredDatabaseTests {
    private let folder = DatabaseFolder()

    @Test func everythingIsThereAgain() throws {
        let statements = [
            "CREATE DATABASE shop", "USE shop",
            "CREATE TABLE t (a INT NOT NULL COMMENT 'key', b VARCHAR(10) DEFAULT 'x') "
                + "DUPLICATE KEY (a) DISTRIBUTED BY HASH (a)",
            "INSERT INTO t (a) VALUES (1), (2)", "INSERT INTO t VALUES (3, NULL)",
            "CREATE TABLE n AS SELECT NULL AS a, row(1, 'y') AS `b c`, [1, 2] AS d, "
                + "CAST('{\"k\": 1}' AS JSON) AS j",
            "SET sql_mode = 'PIPES_AS_CONCAT'",
            "CREATE VIEW v (k, l) COMMENT 'a view' AS SELECT a, b || '!' FROM shop.t",
            "CREATE FUNCTION twice(x) AS x * 2", "CREATE GLOBAL FUNCTION half(x) AS x / 2",
            "CREATE TEMPORARY TABLE gone AS SELECT 1 AS a", "CREATE TABLE dropped (a INT)",
            "DROP TABLE dropped", "CREATE TABLE emptied AS SELECT 1 AS a", "TRUNCATE TABLE emptied",
            "CREATE TABLE replaced AS SELECT 1 AS a", "INSERT OVERWRITE replaced SELECT 7",
        ]
        do {
            let session = try folder.open()
            for statement in statements { _ = try session.execute(statement) }
        }
        let session = try folder.open()
        _ = try session.execute("USE shop")
        func texts(_ sql: String, _ column: Int = 0) throws -> [String?] {
            try session.execute(sql).texts(column)
        }
        #expect(try texts("SELECT a FROM t ORDER BY a") == ["1", "2", "3"])
        #expect(try texts("SELECT b FROM t ORDER BY a") == ["x", "x", nil])
        #expect(try texts("SELECT l FROM v ORDER BY k") == ["x!", "x!", nil])
        #expect(try texts("SELECT twice(half(a)) FROM emptied").isEmpty)
        #expect(try texts("SELECT half(twice(a)) FROM replaced") == ["7"])
        #expect(try texts("SELECT n.`b c`.col2 FROM n") == ["y"])
        #expect(try texts("SELECT j -> 'k' FROM n") == ["1"])
        #expect(
            try texts("SHOW TABLES") == ["emptied", "n", "replaced", "t", "v"])
        #expect(try texts("SHOW CREATE TABLE t", 1)[0]?.contains("COMMENT 'key'") == true)
        #expect(try texts("SHOW CREATE VIEW v", 1)[0]?.contains("COMMENT 'a view'") == true)
        _ = try session.execute("INSERT INTO t (a) VALUES (4)")
        #expect(try texts("SELECT count(*) FROM t") == ["4"])
    }

    @Test func viewsMayComeBeforeWhatTheyRead() throws {
        do {
            let session = try folder.open()
            for statement in [
                "CREATE TABLE t AS SELECT 1 AS a", "CREATE VIEW v AS SELECT * FROM t",
                "DROP TABLE t",
            ] {
                _ = try session.execute(statement)
            }
        }
        let session = try folder.open()
        #expect(throws: DatabaseError.self) { try session.execute("SELECT * FROM v") }
        _ = try session.execute("CREATE TABLE t AS SELECT 5 AS a")
        #expect(try session.execute("SELECT a FROM v").integers(0) == [5])
    }

    @Test(arguments: [true, false])
    func sessionsThatInsertAtOnceLoseNothing(isStored: Bool) async throws {
        let database =
            try isStored ? Database(path: folder.path) : Database(configuration: Configuration())
        _ = try await database.makeSession().execute("CREATE TABLE t (a BIGINT)")
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let session = database.makeSession()
                    for number in 0..<25 {
                        do {
                            _ = try await session.execute(
                                "INSERT INTO t VALUES (\(worker * 25 + number))")
                        } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
            }
        }
        let result = try await database.makeSession().execute(
            "SELECT count(*), count(DISTINCT a), sum(a) FROM t")
        #expect(result.rows == [[100, 100, 4_950]])
    }

    @Test func manySmallCommitsBecomeFewSegments() throws {
        let session = try folder.open()
        _ = try session.execute("SET commit_durability = relaxed")
        _ = try session.execute("CREATE TABLE t (a BIGINT, b STRING)")
        for number in 0..<200 {
            _ = try session.execute("INSERT INTO t VALUES (\(number), 'row \(number)')")
        }
        #expect(
            try session.execute("SELECT b FROM t ORDER BY a").texts(0)
                == (0..<200).map { "row \($0)" })
    }

    @Test func changedRowsStayChanged() throws {
        do {
            let session = try folder.open()
            _ = try session.execute(
                "CREATE TABLE t AS SELECT generate_series AS a, concat('row ', generate_series) AS b "
                    + "FROM TABLE(generate_series(1, 300000))")
            for number in 1...5 {
                _ = try session.execute("INSERT INTO t VALUES (-\(number), 'x')")
            }
            _ = try session.execute("DELETE FROM t WHERE a % 1000 = 0")
            _ = try session.execute("UPDATE t SET b = 'y', a = a * 2 WHERE a IN (-3, 299999)")
            _ = try session.execute("DELETE FROM t WHERE a = -4")
        }
        let result = try folder.open().execute(
            "SELECT count(*), sum(a), count(DISTINCT b), sum(CASE WHEN b = 'y' THEN a END) FROM t")
        // 300 rows of 1,000, 2,000 … are gone, and one of five with 'x'.
        let sum = 300_000 * 300_001 / 2 - 300 * 301 / 2 * 1_000 - 15 + 4 + 299_999 - 3
        #expect(result.rows == [[299_704, .integer(Int64(sum)), 299_701, 599_992]])
    }

    /// A row that is gone costs a mark, and is in no answer: not as a bound, a count or an error.
    @Test func rowsThatAreGoneAreNotSeen() throws {
        do {
            let session = try folder.open()
            _ = try session.execute(
                "CREATE TABLE t AS SELECT generate_series AS a, if(generate_series % 10 = 0, "
                    + "'no number', CAST(generate_series AS STRING)) AS b, "
                    + "if(generate_series > 5, NULL, 1) AS c FROM TABLE(generate_series(1, 200000))"
            )
            let before = try folder.segmentByteCount()
            _ = try session.execute("DELETE FROM t WHERE a % 10 = 0 OR a = 199999 OR a = 1")
            #expect(try folder.segmentByteCount() == before)
            _ = try session.execute("DELETE FROM t WHERE a BETWEEN 2 AND 7")
        }
        for _ in 0..<2 {
            let session = try folder.open()
            let all = try session.execute(
                "SELECT count(*), count(c), min(a), max(a), sum(a) FROM t")
            let sum = 200_000 * 200_001 / 2 - 20_000 * 20_001 / 2 * 10 - 199_999 - 28
            #expect(all.rows == [[179_992, 0, 8, 199_998, .integer(Int64(sum))]])
            // Of the rows that are gone it would be an error.
            _ = try session.execute("SET sql_mode = 'ERROR_IF_OVERFLOW'")
            let numbers = try session.execute(
                "SELECT count(*) FROM t WHERE CAST(b AS BIGINT) = a")
            #expect(try numbers.integers(0) == [179_992])
            #expect(try session.execute("SELECT a FROM t WHERE c = 1").rowCount == 0)
            _ = try session.execute("UPDATE t SET b = 'x' WHERE a = 8")
            _ = try session.execute("UPDATE t SET b = '8' WHERE a = 8")
        }
    }

    @Test func versionsStay() throws {
        func check(_ session: Session) throws {
            func sum(_ source: String) throws -> [Int64?] {
                let result = try session.execute("SELECT count(*), sum(a) FROM \(source)")
                return try result.integers(0) + result.integers(1)
            }
            #expect(try sum("t FOR VERSION AS OF 2") == [50_000, 1_250_025_000])
            #expect(try sum("t FOR VERSION AS OF 3") == [50_001, 1_250_075_001])
            #expect(try sum("t FOR VERSION AS OF 4") == [50_000, 1_250_075_000])
            #expect(try sum("t FOR VERSION AS OF 5") == [1, 7])
            #expect(try sum("t FOR VERSION AS OF 6") == [50_000, 1_250_075_000])
            #expect(try sum("t") == [50_000, 1_250_075_000])
            #expect(try sum("u") == [50_001, 1_250_075_001])
            let delta = try session.execute("SELECT a, weight FROM CHANGES(t, 2, 4) ORDER BY a")
            #expect(delta.rows == [[1, -1], [50_001, 1]])
            let snapshots = try session.execute("SHOW SNAPSHOTS FROM t")
            #expect(try snapshots.integers(0) == [1, 2, 3, 4, 5, 6])
            #expect(try snapshots.integers(2) == [0, 50_000, 50_001, 50_000, 1, 50_000])
        }
        do {
            let session = try folder.open()
            for statement in [
                "CREATE TABLE t (a BIGINT, b STRING)",
                "INSERT INTO t SELECT generate_series, uuid() FROM TABLE(generate_series(1, 50000))",
                "INSERT INTO t VALUES (50001, 'x')", "DELETE FROM t WHERE a = 1",
                "INSERT OVERWRITE t VALUES (7, 'y')", "RESTORE TABLE t TO VERSION AS OF 4",
                "CREATE TABLE u CLONE t FOR VERSION AS OF 3",
            ] {
                _ = try session.execute(statement)
            }
            try check(session)
        }
        for _ in 0..<2 { try check(folder.open()) }
    }

    @Test func aLogThatHasGrownBeginsAnew() throws {
        let names = [
            "CREATE DATABASE `a``b`", "USE `a``b`",
            "CREATE VIEW main.`v w` (k) COMMENT 'it''s' AS SELECT a FROM main.t",
            "CREATE GLOBAL FUNCTION half(x) AS x / 2", "CREATE FUNCTION twice(x) AS x * 2",
            "INSERT INTO main.t WITH LABEL once (a) VALUES (-1)",
            "CREATE TABLE n (id BIGINT AUTO_INCREMENT, b INT)",
            "INSERT INTO n (b) VALUES (1), (2)", "DELETE FROM n WHERE id = 2",
        ]
        var expected: [String?] = []
        do {
            let session = try folder.open(logByteCount: 20_000)
            _ = try session.execute("SET commit_durability = relaxed")
            _ = try session.execute(
                "CREATE TABLE t (a BIGINT, b STRING) PROPERTIES ('snapshot_retention' = '5 snapshots')"
            )
            for name in names { _ = try session.execute(name) }
            for number in 0..<300 {
                _ = try session.execute("INSERT INTO main.t VALUES (\(number), 'row \(number)')")
                if number % 50 == 49 {
                    _ = try session.execute("DELETE FROM main.t WHERE a % 50 = 0")
                }
            }
            _ = try session.execute("ALTER TABLE main.t ADD COLUMN c INT DEFAULT '5'")
            _ = try session.execute("INSERT INTO main.t VALUES (1000, NULL, 1)")
            expected = try session.execute("SELECT concat_ws(',', a, b, c) FROM main.t ORDER BY a")
                .texts(0)
            #expect(expected.count == 296)
        }
        // 300 commits take over 100,000 bytes.
        #expect(try folder.bytes(of: "log").count < 60_000)
        for _ in 0..<2 {
            let session = try folder.open(logByteCount: 1)
            #expect(
                try session.execute("SELECT concat_ws(',', a, b, c) FROM t ORDER BY a").texts(0)
                    == expected)
            let versions = try session.execute("SHOW SNAPSHOTS FROM t")
            #expect(try versions.integers(0) == [305, 306, 307, 308, 309, 310])
            #expect(try versions.integers(2) == [294, 295, 296, 295, 295, 296])
            #expect(
                try session.execute("SELECT count(*), max(a) FROM t FOR VERSION AS OF 307").rows
                    == [[296, 299]])
            #expect(try session.execute("SELECT k FROM `v w` WHERE k > 299").integers(0) == [1_000])
            #expect(
                try session.execute("SHOW CREATE VIEW `v w`").texts(1)[0]?.contains(
                    "COMMENT 'it''s'") == true)
            _ = try session.execute("USE `a``b`")
            #expect(try session.execute("SELECT half(twice(id)) FROM n").texts(0) == ["1"])
            _ = try session.execute("INSERT INTO n (b) VALUES (9)")
            #expect(try session.execute("SELECT max(id) FROM n").integers(0)[0]! > 2)
            _ = try session.execute("DELETE FROM n WHERE id > 1")
            _ = try session.execute("INSERT INTO main.t WITH LABEL once (a) VALUES (-1)")
        }
    }

    @Test func whatATransactionAddedAndTookAwayStaysAwayInALogThatBeginsAnew() throws {
        let folder = DatabaseFolder()
        for _ in 0..<2 {
            let session = try folder.open(logByteCount: 1)
            for statement in [
                "CREATE TABLE IF NOT EXISTS t (a INT)", "INSERT INTO t VALUES (1)", "BEGIN",
                "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)",
                "DELETE FROM t WHERE a = 2", "COMMIT",
            ] { _ = try session.execute(statement) }
        }
        let session = try folder.open(logByteCount: 1)
        #expect(try session.execute("SELECT a FROM t ORDER BY a").integers(0) == [1, 1, 3, 3])
    }

    /// A file goes when no version and no query needs it any more, and not before.
    @Test func filesOfVersionsThatAreGoneGo() throws {
        let session = try folder.open()
        func fileCount() throws -> Int {
            try LocalFileSystem().list(folder.path + "/segments").count
        }
        let fill =
            "INSERT OVERWRITE t SELECT generate_series, uuid() FROM TABLE(generate_series(1, 9000))"
        _ = try session.execute(
            "CREATE TABLE t (a BIGINT, b STRING) PROPERTIES ('snapshot_retention' = '2 snapshots')")
        for _ in 0..<6 { _ = try session.execute(fill) }
        // Three versions can be read; the next commit removes what the last one made unneeded.
        #expect(try fileCount() <= 4)
        // Another process reads: nothing goes.
        do {
            let reader = try folder.open(readOnly: true)
            let before = try fileCount()
            for _ in 0..<4 { _ = try session.execute(fill) }
            #expect(try fileCount() == before + 4)
            #expect(try reader.execute("SELECT count(DISTINCT b) FROM t").integers(0) == [9_000])
        }
        for _ in 0..<2 { _ = try session.execute(fill) }
        #expect(try fileCount() <= 4)
        #expect(
            try session.execute("SELECT count(*) FROM t FOR VERSION AS OF 11").integers(0)
                == [9_000])
    }

    @Test func changesOfSessionsAtOnceAllHappen() async throws {
        let database = try Database(path: folder.path)
        _ = try await database.makeSession().execute("CREATE TABLE t AS SELECT 0 AS a")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let session = database.makeSession()
                    for _ in 0..<5 {
                        do { _ = try await session.execute("UPDATE t SET a = a + 1") } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
            }
        }
        let result = try await database.makeSession().execute("SELECT a FROM t")
        #expect(try result.integers(0) == [20])
    }

    @Test func alteredTablesStayAltered() throws {
        var expected: [String?] = []
        do {
            let session = try folder.open()
            _ = try session.execute(
                "CREATE TABLE t AS SELECT generate_series AS a, concat('row ', generate_series) AS b "
                    + "FROM TABLE(generate_series(1, 200000))")
            for statement in [
                "INSERT INTO t VALUES (200001, 'x')", "ALTER TABLE t DROP COLUMN b",
                "ALTER TABLE t ADD COLUMN b DATETIME DEFAULT CURRENT_TIMESTAMP FIRST",
                "INSERT INTO t (a) VALUES (200002)", "ALTER TABLE t RENAME COLUMN a TO number",
                "ALTER TABLE t MODIFY COLUMN number LARGEINT COMMENT 'wide'",
                "INSERT INTO t (number) VALUES (100000000000000000000)",
                "ALTER TABLE t RENAME u", "CREATE TABLE t AS SELECT 'other' AS c",
                "ALTER TABLE u SWAP WITH t",
            ] {
                _ = try session.execute(statement)
            }
            expected = try session.execute("SELECT DISTINCT b FROM t ORDER BY b").texts(0)
        }
        // Once the table was opened with its new columns, and again.
        for _ in 0..<2 {
            let session = try folder.open()
            // The time is when the statement ran, not when its record is read.
            #expect(try session.execute("SELECT DISTINCT b FROM t ORDER BY b").texts(0) == expected)
            let sum = try session.execute("SELECT sum(number), count(*) FROM t")
            #expect(sum.texts(0) == ["100000000020000500003"])
            #expect(try sum.integers(1) == [200_003])
            #expect(try session.execute("SELECT c FROM u").texts(0) == ["other"])
            #expect(
                try session.execute("SHOW CREATE TABLE t").texts(1)[0]?.contains("COMMENT 'wide'")
                    == true)
        }
    }

    @Test(arguments: [1 << 24, 0])
    func whatWasDroppedComesBackAfterOpening(logByteCount: Int) throws {
        for statements in [
            [
                "CREATE TABLE t (k INT, v STRING) PRIMARY KEY (k) PARTITION BY k",
                "INSERT INTO t SELECT generate_series, uuid() "
                    + "FROM TABLE(generate_series(1, 100))",
                "DELETE FROM t WHERE k > 50", "ALTER TABLE t ADD COLUMN w INT DEFAULT '7'",
                "INSERT INTO main.t WITH LABEL once VALUES (99, 'x', 1)", "DROP TABLE t",
            ],
            [
                "CREATE TABLE t AS SELECT generate_series AS a FROM TABLE(generate_series(1, 9))",
                "DROP TABLE t", "CREATE DATABASE d",
                "CREATE TABLE d.big AS SELECT generate_series AS a, uuid() AS b "
                    + "FROM TABLE(generate_series(1, 200000))",
                "CREATE VIEW d.v AS SELECT * FROM d.big", "CREATE FUNCTION d.twice(x) AS x * 2",
                "CREATE TABLE t AS SELECT 1 AS one",
            ],
            ["DROP DATABASE d"], ["RECOVER DATABASE d", "SELECT count(*) FROM d.v"],
            ["ALTER DATABASE d RENAME `e e`", "DROP TABLE t FORCE"], ["RECOVER TABLE t"],
            ["ALTER TABLE t RENAME nine", "RECOVER TABLE t"],
        ] {
            let session = try folder.open(logByteCount: logByteCount)
            for statement in statements { _ = try session.execute(statement) }
        }
        let session = try folder.open(logByteCount: logByteCount)
        func numbers(_ sql: String) throws -> [Int64?] { try session.execute(sql).integers(0) }
        #expect(try numbers("SELECT sum(k * w) FROM t") == [50 * 51 / 2 * 7 + 99])
        #expect(try numbers("SELECT count(*) FROM t FOR VERSION AS OF 2") == [100])
        #expect(try numbers("SELECT sum(a) FROM nine") == [45])
        #expect(try numbers("SELECT `e e`.twice(count(DISTINCT b)) FROM `e e`.big") == [400_000])
        _ = try session.execute("INSERT INTO t WITH LABEL once VALUES (98, 'x', 1)")
        #expect(try numbers("SELECT count(*) FROM t PARTITION (p98)").isEmpty == false)
        #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
    }

    /// The function of a DEFAULT may be gone when the log begins anew.
    @Test(arguments: [1 << 24, 0])
    func whatHasADefaultOfAFunctionComesBack(logByteCount: Int) throws {
        for statements in [
            [
                "CREATE DATABASE d", "USE d", "CREATE FUNCTION next(x) AS x + 1",
                "CREATE TABLE e (a INT, b INT DEFAULT (next(5)))", "INSERT INTO e (a) VALUES (1)",
            ],
            ["DROP TABLE d.e"], ["DROP FUNCTION d.next"], ["SELECT 1"], ["RECOVER TABLE d.e"],
        ] {
            let session = try folder.open(logByteCount: logByteCount)
            for statement in statements { _ = try session.execute(statement) }
        }
        let session = try folder.open(logByteCount: logByteCount)
        #expect(try session.execute("SELECT b FROM d.e").integers(0) == [6])
        #expect(throws: (any Error).self) {
            try session.execute("INSERT INTO d.e (a) VALUES (3)")
        }
    }

    @Test func filesOfTablesThatAreDroppedWithForceGo() throws {
        let session = try folder.open()
        let make = "AS SELECT uuid() AS a FROM TABLE(generate_series(1, 100000))"
        _ = try session.execute("CREATE TABLE t \(make)")
        _ = try session.execute("DROP TABLE t")
        let kept = try folder.segmentByteCount()
        #expect(kept > 0)
        _ = try session.execute("CREATE TABLE u \(make)")
        _ = try session.execute("DROP TABLE u FORCE")
        _ = try session.execute("CREATE TABLE v AS SELECT 1 AS a")
        #expect(try folder.segmentByteCount() < kept + kept / 2)
    }

    @Test func filesOfRowsThatWentMayBeGone() throws {
        do {
            let session = try folder.open()
            for table in ["t", "u"] {
                _ = try session.execute(
                    "CREATE TABLE \(table) PROPERTIES ('snapshot_retention' = '0') AS "
                        + "SELECT generate_series AS a, uuid() AS b "
                        + "FROM TABLE(generate_series(1, 10000))")
            }
            _ = try session.execute("DROP TABLE t")
            _ = try session.execute("TRUNCATE TABLE u")
        }
        for _ in 0..<3 {
            #expect(try folder.open().execute("SELECT count(*) FROM u").integers(0) == [0])
        }
        #expect(try LocalFileSystem().list(folder.path + "/segments").isEmpty)
    }

    @Test func aSecondProcessMayReadOnly() throws {
        let session = try folder.open()
        _ = try session.execute("CREATE TABLE t AS SELECT 1 AS a")
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open() }
        #expect(error?.message.contains("is open in process ") == true)
        let reader = try folder.open(readOnly: true)
        #expect(try reader.execute("SELECT a FROM t").integers(0) == [1])
        let refusal = #expect(throws: DatabaseError.self) {
            try reader.execute("INSERT INTO t VALUES (2)")
        }
        #expect(refusal?.message.contains("open for reading only") == true)
        #expect(throws: DatabaseError.self) { try reader.execute("CREATE TABLE u (a INT)") }
        #expect(try reader.execute("SELECT a FROM t").integers(0) == [1])
        withExtendedLifetime(session) {}
    }

    @Test func aTableThatBecameAnotherTakesNoRows() throws {
        let session = try folder.open()
        _ = try session.execute("CREATE TABLE t AS SELECT 1 AS a")
        _ = try session.execute("CREATE OR REPLACE TABLE t AS SELECT 2 AS a")
        _ = try session.execute("INSERT INTO t VALUES (3)")
        #expect(try session.execute("SELECT a FROM t ORDER BY a").integers(0) == [2, 3])
    }

    /// The same for every kind of record, before and after the log began anew.
    @Test(arguments: [false, true]) func flippedBytesOfRecordsNeverGiveOtherRows(
        beginsAnew: Bool
    ) throws {
        do {
            let session = try folder.open()
            for statement in [
                "CREATE TABLE t (id BIGINT AUTO_INCREMENT, a BIGINT)",
                "INSERT INTO t (a) VALUES (1), (2), (3), (4), (5)",
                "INSERT INTO t WITH LABEL once (a) VALUES (6)", "DELETE FROM t WHERE a = 2",
                "ALTER TABLE t ADD COLUMN c INT DEFAULT '7'", "CREATE TABLE k CLONE t",
                "UPDATE k SET a = a * 10 WHERE a > 4", "RESTORE TABLE t TO VERSION AS OF 3",
                "ALTER TABLE k RENAME u", "BEGIN", "INSERT INTO t (a) VALUES (8)",
                "DELETE FROM u WHERE a = 1", "COMMIT",
                "CREATE TABLE p (k INT, v INT) PRIMARY KEY (k)",
                "INSERT INTO p VALUES (1, 1), (2, 2)", "INSERT INTO p VALUES (2, 3), (3, 3)",
            ] {
                _ = try session.execute(statement)
            }
        }
        if beginsAnew { _ = try folder.open(logByteCount: 1) }
        let query =
            "SELECT (SELECT sum(id * a * c) FROM t), (SELECT sum(id * a * c) FROM u), "
            + "(SELECT sum(k * v) FROM p)"
        let expected = try folder.open().execute(query).rows
        // Rows 1 to 6 and one more with the number 7; rows 3, 4, 5 and 6 times 10; 1, 2 · 3, 3 · 3.
        let (first, second) = (1 + 4 + 9 + 16 + 25 + 36 + 56, 9 + 16 + 250 + 360)
        #expect(expected == [[.integer(Int64(first * 7)), .integer(Int64(second * 7)), 16]])
        let whole = try folder.bytes(of: "log")
        for place in whole.indices where place % 5 == 0 {
            var damaged = whole
            damaged[place] ^= 1 << UInt8(place % 8)
            try folder.write(damaged, to: "log")
            do {
                #expect(try folder.open().execute(query).rows == expected, "byte \(place)")
            } catch let error as DatabaseError {
                let saysWhere = ["is damaged", "is not the log"].contains {
                    error.message.contains($0)
                }
                #expect(saysWhere, "\(error)")
            }
        }
    }

    /// Every byte is covered by a checksum: whichever is flipped, there is an error or nothing is
    /// lost.
    @Test func flippedBytesNeverGiveOtherRows() throws {
        do {
            let session = try folder.open()
            _ = try session.execute(
                "CREATE TABLE t AS SELECT generate_series AS a, concat_ws(' ', "
                    + "xx_hash64(concat(generate_series, 'a')), xx_hash64(concat(generate_series, 'b'))"
                    + ") AS b FROM TABLE(generate_series(1, 6000))")
            _ = try session.execute("INSERT INTO t VALUES (6001, 'the last')")
        }
        let names =
            try ["log"]
            + LocalFileSystem().list(folder.path + "/segments").map {
                "segments/" + $0.name
            }
        #expect(names.count == 2)
        let query = "SELECT count(*), sum(a), sum(crc32(b)) FROM t"
        let expected = try folder.open().execute(query).rows
        var errorCount = 0
        for name in names {
            let whole = try folder.bytes(of: name)
            let places =
                name == "log" ? whole.indices.filter { $0 % 3 == 0 } : (0..<200).map { $0 * 7_919 }
            for place in places {
                var damaged = whole
                damaged[place % whole.count] ^= 1 << UInt8(place % 8)
                try folder.write(damaged, to: name)
                do {
                    #expect(try folder.open().execute(query).rows == expected, "byte \(place)")
                } catch let error as DatabaseError {
                    errorCount += 1
                    let saysWhere = ["is damaged", "is not the log"].contains {
                        error.message.contains($0)
                    }
                    #expect(saysWhere, "\(error)")
                }
            }
            try folder.write(whole, to: name)
        }
        #expect(errorCount > 200)
    }
}
