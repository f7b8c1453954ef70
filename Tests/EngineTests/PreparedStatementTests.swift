// Statements that the library parses once and runs with different values.

import Starling
import Testing

struct PreparedStatementTests {
    private let session = Database().makeSession()

    init() throws {
        _ = try session.execute("CREATE TABLE t (a INT, b VARCHAR(10), d DATE)")
        _ = try session.execute("INSERT INTO t VALUES (1, 'x', '2024-01-01'), (2, 'y', NULL)")
    }

    @Test func oneStatementRunsWithManyValues() throws {
        let statement = try session.prepare("SELECT b FROM t WHERE a = ?")
        #expect(statement.parameterCount == 1)
        #expect(try statement.execute([1]).rows == [["x"]])
        #expect(try statement.execute([2]).rows == [["y"]])
        #expect(try statement.execute([.null]).rows == [])
    }

    @Test func typesComeFromWhatStandsAround() throws {
        let statement = try session.prepare(
            "SELECT a, concat(b, ?) AS c FROM t WHERE a > ? AND d = ? AND b IN (?, 'z') LIMIT ?")
        #expect(
            statement.parameterTypeNames == ["varchar", "int", "date", "varchar(10)", "bigint"])
        #expect(statement.columns.map(\.name) == ["a", "c"])
        #expect(statement.columns.map(\.typeName) == ["int", "varchar"])
    }

    @Test func valuesOfInsertHaveTheTypesOfColumns() throws {
        let statement = try session.prepare("INSERT INTO t (d, a) VALUES (?, ?), (?, 1)")
        #expect(statement.parameterTypeNames == ["date", "int", "date"])
        _ = try statement.execute([.null, 5, .null])
        #expect(try session.execute("SELECT count(*) FROM t").rows == [[4]])
    }

    @Test func namesStandForValues() throws {
        let statement = try session.prepare("SELECT :low + a FROM t WHERE a = :key")
        #expect(try statement.execute(named: ["low": 10, "KEY": 2]).rows == [[12]])
    }

    @Test func mistakesShowBeforeTheFirstRun() {
        #expect(throws: DatabaseError.self) { try session.prepare("SELECT nosuch FROM t") }
        #expect(throws: DatabaseError.self) { try session.prepare("SELECT FROM") }
    }

    @Test func rowsStream() throws {
        let statement = try session.prepare("SELECT a FROM t WHERE a >= ? ORDER BY a")
        nonisolated(unsafe) var count = 0
        try statement.forEachChunk([1]) { chunk in
            count += chunk.rowCount
            return true
        }
        #expect(count == 2)
    }
}
