// Rows that are handed over while the query runs.

import Starling
import Synchronization
import Testing

/// Adds up what chunks bring; they come on threads of the database.
private final class Tally: Sendable {
    private let counts = Mutex((rows: 0, sum: Int64(0), chunks: 0))

    func add(_ chunk: ResultChunk) {
        var sum: Int64 = 0
        for value in chunk.column(0) {
            if case .integer(let number) = value { sum += number }
        }
        counts.withLock { counts in
            counts.rows += chunk.rowCount
            counts.sum += sum
            counts.chunks += 1
        }
    }

    var rows: Int { counts.withLock { $0.rows } }
    var sum: Int64 { counts.withLock { $0.sum } }
    var chunks: Int { counts.withLock { $0.chunks } }
}

struct StreamingTests {
    @Test func chunksBringEveryRowOnce() throws {
        let tally = Tally()
        try Database().makeSession().forEachChunk("SELECT c_custkey FROM tpch('customer', 0.1)") {
            tally.add($0)
            return true
        }
        #expect(tally.rows == 15_000)
        #expect(tally.sum == 15_000 * 15_001 / 2)
    }

    @Test func anOrderIsKept() throws {
        let keys = Mutex<[SQLValue]>([])
        try Database().makeSession().forEachChunk(
            "SELECT c_custkey FROM tpch('customer', 0.1) ORDER BY c_custkey DESC"
        ) { chunk in
            keys.withLock { $0 += chunk.column(0) }
            return true
        }
        let expected = (1...15_000).reversed().map { SQLValue.integer(Int64($0)) }
        #expect(keys.withLock { $0 } == expected)
    }

    @Test func aReceiverMayStop() throws {
        let session = Database().makeSession()
        let tally = Tally()
        try session.forEachChunk("SELECT l_orderkey FROM tpch('lineitem', 0.1)") {
            tally.add($0)
            return false
        }
        #expect(tally.chunks == 1)
        #expect(try session.execute("SELECT 1").rows == [[1]])
    }

    @Test func aTaskGoesThroughTheChunks() async throws {
        let session = Database().makeSession()
        var sum: Int64 = 0
        let sql = "SELECT c_custkey FROM tpch('customer', 0.1) WHERE c_custkey > ?"
        for try await chunk in session.chunks(of: sql, parameters: [5]) {
            for case .integer(let key) in chunk.column(0) { sum += key }
        }
        #expect(sum == 15_000 * 15_001 / 2 - 15)
    }

    @Test func aTaskMayStopAndGoOn() async throws {
        let session = Database().makeSession()
        for try await chunk in session.chunks(of: "SELECT l_orderkey FROM tpch('lineitem', 0.1)") {
            #expect(chunk.rowCount > 0)
            break
        }
        #expect(try await session.execute("SELECT 1").rows == [[1]])
    }

    @Test func chunksEndInTheQuerysError() async throws {
        let session = Database().makeSession()
        let error = await #expect(throws: DatabaseError.self) {
            for try await _ in session.chunks(of: "SELECT missing") {}
        }
        #expect(error?.kind == .binding)
    }

    @Test func aCancelledTaskDoesNotTakeAPartForTheWhole() async throws {
        let session = Database().makeSession()
        let task = Task {
            var count = 0
            for try await chunk in session.chunks(
                of: "SELECT a.o_orderkey FROM tpch('orders', 0.1) a, tpch('orders', 0.1) b")
            {
                count += chunk.rowCount
                withUnsafeCurrentTask { $0?.cancel() }
            }
            return count
        }
        let error = await #expect(throws: DatabaseError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(try await session.execute("SELECT 1").rows == [[1]])
    }

    @Test func warningsComeWithTheResult() throws {
        let session = Database().makeSession()
        #expect(try session.execute("SET enable_foo_bar = 1").warnings.count == 1)
        #expect(try session.execute("SELECT 1").warnings.isEmpty)
        let warnings = try session.execute(
            "CREATE TABLE t (a INT) PROPERTIES ('replication_nm' = '1')"
        ).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("replication_num") == true)
    }

    @Test func statementsWithoutAQueryHandOverTheirRows() throws {
        let tally = Tally()
        try Database().makeSession().forEachChunk("SHOW DATABASES") {
            tally.add($0)
            return true
        }
        #expect(tally.rows > 0)
    }
}
