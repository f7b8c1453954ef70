// Tables with keys, beside a model of them: random statements, in memory and on disk, opened again
// between them.

import Starling
import StarlingFiles
import StarlingMemory
import StarlingTestSupport
import Testing

@Suite struct KeyedTableTests {
    /// Is what the columns of a key are, and how a number becomes one.
    struct KeyShape: Sendable, CustomStringConvertible {
        var columns: String
        var key: String
        /// The columns of the key for the number `x`.
        var values: String
        var description: String { columns }
    }

    static let shapes = [
        KeyShape(columns: "k INT", key: "k", values: "x"),
        KeyShape(
            columns: "k BIGINT, l VARCHAR(40)", key: "k, l",
            values: "x % 7, concat('a longer text of ', x)"),
        KeyShape(columns: "k VARCHAR(30)", key: "k", values: "concat('k', x)"),
        KeyShape(
            columns: "k DECIMAL(30, 2), l DATETIME", key: "k, l",
            values: "x / 4, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL x MINUTE"),
        KeyShape(
            columns: "k LARGEINT, l DATE", key: "l, k",
            values: "x * 1000000000000000000007, DATE '2020-01-01' + INTERVAL x DAY"),
        KeyShape(columns: "k SMALLINT, l BOOLEAN", key: "k, l", values: "x DIV 2, x % 2 = 0"),
    ]

    /// Gives each number its values: `v` and `w`.
    private typealias Model = [Int64: [Int64]]

    private func select(_ shape: KeyShape, _ rows: [(Int64, Int64, Int64)]) -> String {
        let rows = rows.map { "(\($0.0), \($0.1), \($0.2))" }.joined(separator: ", ")
        return "SELECT \(shape.values), x, v, w FROM (VALUES \(rows)) AS t (x, v, w)"
    }

    private func contents(_ session: Session) throws -> Model {
        let result = try session.execute("SELECT x, v, w FROM t")
        var model: Model = [:]
        for (x, (v, w)) in try zip(
            result.integers(0), zip(result.integers(1), result.integers(2)))
        {
            #expect(model[x ?? -1] == nil, "\(x ?? -1) is there twice")
            model[x ?? -1] = [v ?? -1, w ?? -1]
        }
        return model
    }

    @Test(arguments: shapes, [true, false])
    func randomChangesAreThoseOfAModel(_ shape: KeyShape, isStored: Bool) throws {
        let path = temporaryFolder() + "/starling-keys-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        var generator = SeededGenerator(seed: UInt64(shape.columns.utf8.count))
        func open() throws -> Session {
            try (isStored ? Database(path: path) : Database()).makeSession()
        }
        var session = try open()
        _ = try session.execute(
            "CREATE TABLE t (\(shape.columns), x BIGINT, v BIGINT, w BIGINT DEFAULT '-5') "
                + "PRIMARY KEY (\(shape.key))")
        var model: Model = [:]
        for step in 0..<60 {
            try change(&model, session, shape, &generator)
            if step % 6 == 5 {
                #expect(try contents(session) == model, "after step \(step)")
                if isStored, step % 12 == 11 {
                    session = try Database(path: path + "-none").makeSession()
                    removeFolder(path + "-none")
                    session = try open()
                    #expect(try contents(session) == model, "opened after step \(step)")
                }
            }
        }
        #expect(try contents(session) == model)
    }

    private func change(
        _ model: inout Model, _ session: Session, _ shape: KeyShape,
        _ generator: inout SeededGenerator
    ) throws {
        func numbers(_ count: Int) -> [Int64] {
            (0..<count).map { _ in Int64.random(in: 0..<20_000, using: &generator) }
        }
        let value = Int64.random(in: 0..<1_000, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<3:
            let rows = numbers(Int.random(in: 1...40, using: &generator)).enumerated().map {
                ($0.element, value + Int64($0.offset), Int64($0.offset))
            }
            for row in rows { model[row.0] = [row.1, row.2] }
            _ = try session.execute("INSERT INTO t \(select(shape, rows))")
        case 3:
            let (first, step) = (numbers(1)[0], value % 5 + 1)
            let count = Int64.random(in: 1...6_000, using: &generator)
            for number in 0..<count { model[first + number * step] = [value, number] }
            _ = try session.execute(
                "INSERT INTO t SELECT \(shape.values), x, \(value), n FROM (SELECT "
                    + "\(first) + generate_series * \(step) AS x, generate_series AS n "
                    + "FROM TABLE(generate_series(0, \(count - 1)))) AS s")
        case 4, 5:
            let gone = numbers(20)
            for number in gone { model[number] = nil }
            let list = gone.map { "\($0)" }.joined(separator: ", ")
            _ = try session.execute("DELETE FROM t WHERE x IN (\(list))")
        case 6:
            for (number, values) in model where values[0] % 3 == value % 3 {
                model[number] = [values[0], value]
            }
            _ = try session.execute("UPDATE t SET w = \(value) WHERE v % 3 = \(value % 3)")
        case 7:
            let rows = numbers(30).map { ($0, value, Int64(0)) }
            for row in rows { model[row.0] = [value, model[row.0]?[1] ?? -5] }
            let names = shape.key.split(separator: ",").count == 1 ? "k" : "k, l"
            _ = try session.execute(
                "INSERT INTO t (\(names), x, v) SELECT \(shape.values), x, v FROM (VALUES "
                    + rows.map { "(\($0.0), \($0.1))" }.joined(separator: ", ")
                    + ") AS s (x, v)")
        case 8:
            let rows = numbers(30).map { number in
                (number, Int64.random(in: 0..<1_000, using: &generator), value)
            }
            for row in rows where row.1 >= model[row.0]?[0] ?? row.1 {
                model[row.0] = [row.1, row.2]
            }
            _ = try session.execute(
                "INSERT INTO t PROPERTIES ('merge_condition' = 'v') \(select(shape, rows))")
        default:
            let number = numbers(1)[0]
            _ = try session.executeScript(
                "BEGIN; INSERT INTO t \(select(shape, [(number, 1, 2)])); "
                    + "INSERT INTO t \(select(shape, [(number, 3, 4), (number + 1, 5, 6)])); "
                    + "DELETE FROM t WHERE x = \(number + 1); "
                    + (value % 2 == 0 ? "COMMIT" : "ROLLBACK")
            ) { _ in }
            if value % 2 == 0 {
                model[number] = [3, 4]
                model[number + 1] = nil
            }
        }
    }

    // MARK: Damage and other sessions

    private func bytes(of path: String) throws -> [UInt8] {
        let file = try LocalFileSystem().open(path)
        let buffer = try file.read(0..<file.byteCount)
        return (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try LocalFileSystem().create(path)
        try file.write(bytes)
        try file.close()
    }

    /// The index is at the end of a segment.
    @Test func aDamagedIndexIsAnErrorOrGivesTheRightRows() throws {
        let path = temporaryFolder() + "/starling-keys-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(path) }
        let rows = "SELECT generate_series, xx_hash3_64(concat(generate_series)) "
        do {
            let session = try Database(path: path).makeSession()
            _ = try session.execute("CREATE TABLE t (k BIGINT, v BIGINT) PRIMARY KEY (k)")
            _ = try session.execute(
                "INSERT INTO t \(rows) FROM TABLE(generate_series(1, 10000))")
        }
        let log = try bytes(of: path + "/log")
        let names = try LocalFileSystem().list(path + "/segments").map(\.name)
        #expect(names.count == 1)
        let segment = path + "/segments/" + names[0]
        let whole = try bytes(of: segment)
        var generator = SeededGenerator(seed: 11)
        var errorCount = 0
        for _ in 0..<30 {
            var damaged = whole
            // Some 56 KB of index, and blocks before it.
            let place = whole.count - 1 - Int.random(in: 0..<90_000, using: &generator)
            damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
            try write(damaged, to: segment)
            try write(log, to: path + "/log")
            let session = try Database(path: path).makeSession()
            do {
                _ = try session.execute(
                    "INSERT INTO t \(rows) FROM TABLE(generate_series(9001, 10100))")
                _ = try session.execute("DELETE FROM t WHERE k IN (5, 77, 9999)")
                let found = try session.execute("SELECT count(*), count(DISTINCT k) FROM t")
                #expect(try found.integers(0) == [10_097] && found.integers(1) == [10_097])
            } catch {
                errorCount += 1
                #expect("\(error)".contains("table main.t is damaged"), "\(error)")
            }
            for name in try LocalFileSystem().list(path + "/segments").map(\.name)
            where name != names[0] { try LocalFileSystem().remove(path + "/segments/" + name) }
        }
        #expect(errorCount > 10)
        // Who does not ask the index is not disturbed.
        var damaged = whole
        damaged[whole.count - 1_000] ^= 1
        try write(damaged, to: segment)
        try write(log, to: path + "/log")
        let session = try Database(path: path).makeSession()
        #expect(try session.execute("SELECT count(v) FROM t").integers(0) == [10_000])
    }

    @Test(arguments: [
        ("PRIMARY KEY (k)", "INSERT INTO t SELECT * FROM", ""),
        (
            "", "MERGE INTO t USING",
            "ON t.k = s.k WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.v)"
        ),
    ])
    func sessionsThatInsertTheSameKeysLeaveEachOnce(
        clause: String, start: String, end: String
    ) async throws {
        let database = Database()
        let session = database.makeSession()
        _ = try await session.execute("CREATE TABLE t (k BIGINT, v BIGINT) \(clause)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                let own = database.makeSession()
                group.addTask {
                    for step in 0..<12 {
                        let first = step * 100
                        let insert =
                            "\(start) (SELECT generate_series AS k, \(number) AS v FROM "
                            + "TABLE(generate_series(\(first), \(first + 299)))) AS s \(end)"
                        // Whoever is too late too often is told to do it again.
                        var isDone = false
                        while !isDone { isDone = (try? await own.execute(insert)) != nil }
                    }
                }
            }
            try await group.waitForAll()
        }
        let found = try await session.execute("SELECT count(*), count(DISTINCT k) FROM t")
        #expect(try found.integers(0) == [1_400] && found.integers(1) == [1_400])
    }

    @Test func aTransactionThatIsLateIsRefused() throws {
        let database = Database()
        let (one, other) = (database.makeSession(), database.makeSession())
        _ = try one.execute("CREATE TABLE t (k BIGINT, v BIGINT) PRIMARY KEY (k)")
        _ = try one.execute("INSERT INTO t VALUES (1, 1)")
        _ = try one.execute("BEGIN")
        _ = try one.execute("INSERT INTO t VALUES (1, 2), (2, 2)")
        _ = try other.execute("INSERT INTO t VALUES (2, 3)")
        #expect(throws: (any Error).self) { try one.execute("COMMIT") }
        #expect(try one.execute("SELECT v FROM t ORDER BY k").integers(0) == [1, 3])
    }

    @Test func aTransactionHappensBesideThoseOfOtherKeys() throws {
        let database = Database()
        let (one, other) = (database.makeSession(), database.makeSession())
        _ = try one.execute("CREATE TABLE t (k BIGINT, v BIGINT) PRIMARY KEY (k)")
        _ = try one.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)")
        _ = try one.execute("BEGIN")
        _ = try one.execute("INSERT INTO t VALUES (1, 10), (60, 1)")
        _ = try one.execute("UPDATE t SET v = 20 WHERE k = 2")
        _ = try other.execute("INSERT INTO t VALUES (3, 30), (61, 2)")
        _ = try one.execute("COMMIT")
        let rows = try other.execute("SELECT k, v FROM t ORDER BY k")
        #expect(try rows.integers(0) == [1, 2, 3, 60, 61])
        #expect(try rows.integers(1) == [10, 20, 30, 1, 2])
    }

    @Test func mergesCountRowsThatChangeGoAndCome() throws {
        let session = Database().makeSession()
        _ = try session.execute("CREATE TABLE t (k BIGINT, v BIGINT)")
        _ = try session.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)")
        let merged = try session.execute(
            "MERGE INTO t USING (SELECT generate_series AS k FROM TABLE(generate_series(2, 6))) "
                + "AS s ON t.k = s.k WHEN MATCHED AND t.k = 2 THEN DELETE "
                + "WHEN MATCHED THEN UPDATE SET v = 0 WHEN NOT MATCHED THEN INSERT VALUES (s.k, 9)")
        #expect(merged.affectedRowCount == 5)
        let others = try session.execute(
            "MERGE INTO t USING (SELECT 70 AS k) AS s ON t.k = s.k "
                + "WHEN NOT MATCHED THEN INSERT VALUES (s.k, 9)")
        #expect(others.affectedRowCount == 1)
    }
}
