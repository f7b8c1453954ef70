// Partitions that are dropped and stay in views: the table without them and the views that retain them are one
// commit, whichever operation of the disk is the last.

import Starling
import StarlingCrashes
import StarlingTestSupport
import Testing

@Suite struct RetainedRowsCrashTests {
    /// Statements, and what the table and the view have behind each.
    private static let steps: [(sql: String, table: [String], view: [String])] = [
        ("CREATE TABLE t (k INT, v INT) PARTITION BY k", [], []),
        ("INSERT INTO t VALUES (1, 10), (1, 5), (2, 7)", ["1,10", "1,5", "2,7"], []),
        (
            "CREATE MATERIALIZED VIEW m AS SELECT k, sum(v) AS s FROM t GROUP BY k",
            ["1,10", "1,5", "2,7"], ["1,15", "2,7"]
        ),
        ("ALTER TABLE t DROP PARTITION p1 RETAIN IN VIEWS", ["2,7"], ["1,15", "2,7"]),
        ("INSERT INTO t VALUES (1, 100), (2, 1)", ["1,100", "2,1", "2,7"], ["1,15", "2,8"]),
        ("REFRESH MATERIALIZED VIEW m FORCE", ["1,100", "2,1", "2,7"], ["1,15", "2,8"]),
        ("DELETE FROM t WHERE v > 5", ["2,1"], ["1,15", "2,1"]),
    ]

    @Test func everyOperationMayBeTheLast() throws {
        let whole = SimulatedDisk()
        #expect(try run(whole) == Self.steps.count)
        for operation in 1...whole.operationCount {
            let disk = SimulatedDisk(fault: (.end, operation))
            let done = try run(disk)
            var generator = SeededGenerator(seed: UInt64(operation))
            let session = try open(disk.afterLossOfPower(&generator))
            let found = (rows("t", session), rows("m", session))
            let possible = Self.steps[max(0, done - 1)...min(done, Self.steps.count - 1)]
            #expect(
                done == 0 || possible.contains { found == ($0.table, $0.view) },
                "operation \(operation): \(found) after \(done) statements")
        }
    }

    /// Runs the statements until one fails, and counts those that did not.
    private func run(_ disk: SimulatedDisk) throws -> Int {
        guard let session = try? open(disk) else { return 0 }
        for (place, step) in Self.steps.enumerated() {
            guard (try? session.execute(step.sql)) != nil else { return place }
            #expect(rows("t", session) == step.table)
            #expect(rows("m", session) == step.view)
        }
        return Self.steps.count
    }

    /// The rows of a table or a view; none where it is not there.
    private func rows(_ name: String, _ session: Session) -> [String] {
        guard let result = try? session.execute("SELECT * FROM \(name)") else { return [] }
        let columns = [result.texts(0), result.texts(1)]
        return (0..<result.rowCount).map { row in
            columns.map { $0[row] ?? "NULL" }.joined(separator: ",")
        }.sorted()
    }

    private func open(_ disk: SimulatedDisk) throws -> Session {
        var configuration = Configuration(threadCount: 1)
        // The log begins anew now and then.
        configuration.logByteCount = 1_000
        configuration.runsInBackground = false
        return try Database(path: "/d", on: disk, configuration: configuration).makeSession()
    }
}
