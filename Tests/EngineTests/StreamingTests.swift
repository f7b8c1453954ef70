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

    @Test func statementsWithoutAQueryHandOverTheirRows() throws {
        let tally = Tally()
        try Database().makeSession().forEachChunk("SHOW DATABASES") {
            tally.add($0)
            return true
        }
        #expect(tally.rows > 0)
    }
}
