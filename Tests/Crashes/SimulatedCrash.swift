// Workloads on a disk that fails at one operation: after opening again, what was acknowledged is
// there and nothing else, the statement that failed being done or not.

import Starling
import StarlingTestSupport

/// Runs the workload of a seed on simulated disks.
package struct SimulatedCrash {
    private static let statementCount = 16

    private let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// Counts the operations of the whole workload.
    package func countOperations() -> Int {
        let disk = SimulatedDisk()
        _ = run(disk, goesOn: false)
        return disk.operationCount
    }

    /// Runs the workload with a fault and says what is there afterwards that may not be, or is missing;
    /// nil where all is well.
    package func difference(with fault: SimulatedDisk.Fault, at operation: Int) throws -> String? {
        let disk = SimulatedDisk(fault: (fault, operation))
        let outcome = run(disk, goesOn: fault == .once)
        var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(operation))
        let session = try open(disk.afterLossOfPower(&generator))
        let found = try ModelDatabase(reading: session)
        guard found == outcome.acknowledged || found == outcome.possible else {
            let failed = outcome.failed ?? "no failure"
            return "\(found.difference(from: outcome.acknowledged)) after \(failed)"
        }
        // With a label it happens once, however often it is tried.
        if fault == .end, let failed = outcome.failed, failed.contains("WITH LABEL") {
            for _ in 0..<2 { _ = try session.execute(failed) }
            guard try ModelDatabase(reading: session) == outcome.possible else {
                return "not once: \(failed)"
            }
        }
        _ = try session.execute("CREATE TABLE later AS SELECT 1 AS a, 'text 1' AS b")
        return nil
    }

    /// Is what a database has been told.
    private struct Outcome {
        /// What it has said is done.
        var acknowledged = ModelDatabase()
        /// What may be there, too, after it has said no.
        var possible: ModelDatabase?
        /// The statement that failed.
        var failed: String?
    }

    /// Runs the workload until an error, or to its end.
    private func run(_ disk: SimulatedDisk, goesOn: Bool) -> Outcome {
        var workload = Workload(seed: seed)
        var outcome = Outcome()
        guard let session = try? open(disk) else { return outcome }
        for _ in 0..<Self.statementCount {
            let (sql, after) = workload.next(in: outcome.acknowledged)
            do {
                try session.executeScript(sql) { _ in }
                // What changes nothing is done without asking the disk.
                if after != outcome.acknowledged { outcome.possible = nil }
                outcome.acknowledged = after
                session.database.runBackgroundTasks()
            } catch {
                outcome.possible = outcome.possible ?? after
                outcome.failed = sql
                if !goesOn { break }
                _ = try? session.execute("ROLLBACK")
            }
        }
        return outcome
    }

    private func open(_ disk: SimulatedDisk) throws -> Session {
        var configuration = Configuration(threadCount: 1)
        // The log begins anew now and then, which may fail like all else.
        configuration.logByteCount = 3_000
        // Tables are packed between statements, at operations that are the same each time.
        configuration.runsInBackground = false
        configuration.packedSegmentCount = 3
        return try Database(path: "/d", on: disk, configuration: configuration).makeSession()
    }
}
