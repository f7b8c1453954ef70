// A database whose disk fails, at every operation of a workload: after opening again, what was
// acknowledged is there and nothing else, the statement that failed being done or not.

import Starling
import StarlingErrors
import StarlingTestSupport
import Testing

@Suite struct CrashTests {
    private static let statementCount = 16

    /// Is what a database has been told.
    private struct Outcome {
        /// What it has said is done.
        var acknowledged = ModelDatabase()
        /// What may be there, too, after it has said no.
        var possible: ModelDatabase?
        /// The statement that failed.
        var failed: String?

        /// Says what is there otherwise than it may be.
        func difference(from found: ModelDatabase) -> String {
            let names = Set(found.tables.keys).union(acknowledged.tables.keys)
            let other = names.sorted().filter { name in
                found.tables[name] != acknowledged.tables[name]
                    || found.extras[name] != acknowledged.extras[name]
                    || found.keyed.contains(name) != acknowledged.keyed.contains(name)
            }
            let counts = other.map { name in
                "\(name): \(found.tables[name]?.count ?? -1) rows of "
                    + "\(acknowledged.tables[name]?.count ?? -1)"
            }
            return "\(counts), views \(found.views) of \(acknowledged.views), after "
                + "\(failed ?? "no failure")"
        }
    }

    /// Runs a workload until an error, or to its end.
    private func run(_ disk: SimulatedDisk, seed: UInt64, goesOn: Bool = false) -> Outcome {
        var workload = Workload(seed: seed)
        var model = ModelDatabase()
        guard let session = try? open(disk) else { return Outcome() }
        var failed: String?
        var possible: ModelDatabase?
        for _ in 0..<Self.statementCount {
            let (sql, after) = workload.next(in: model)
            do {
                try session.executeScript(sql) { _ in }
                // What changes nothing is done without asking the disk.
                if after != model { possible = nil }
                model = after
            } catch {
                possible = possible ?? after
                failed = sql
                if !goesOn { break }
                _ = try? session.execute("ROLLBACK")
            }
        }
        return Outcome(acknowledged: model, possible: possible, failed: failed)
    }

    private func open(_ disk: SimulatedDisk) throws -> Session {
        var configuration = Configuration(threadCount: 1)
        // The log begins anew now and then, which may fail like all else.
        configuration.logByteCount = 3_000
        return try Database(path: "/d", on: disk, configuration: configuration).makeSession()
    }

    @Test(arguments: [1, 5] as [UInt64])
    func everyOperationMayBeTheLast(_ seed: UInt64) throws {
        let whole = SimulatedDisk()
        _ = run(whole, seed: seed)
        var generator = SeededGenerator(seed: seed)
        for operation in 1...whole.operationCount {
            let disk = SimulatedDisk(fault: (.end, operation))
            let outcome = run(disk, seed: seed)
            let again = disk.afterLossOfPower(&generator)
            let session = try open(again)
            let found = try ModelDatabase(reading: session)
            #expect(
                found == outcome.acknowledged || found == outcome.possible,
                "seed \(seed), operation \(operation): \(outcome.difference(from: found))")
            // With a label it happens once, however often it is tried.
            if let failed = outcome.failed, failed.contains("WITH LABEL") {
                for _ in 0..<2 { _ = try session.execute(failed) }
                #expect(
                    try ModelDatabase(reading: session) == outcome.possible,
                    "seed \(seed), operation \(operation), again")
            }
            _ = try session.execute("CREATE TABLE later AS SELECT 1 AS a, 'text 1' AS b")
        }
    }

    @Test(arguments: [2] as [UInt64])
    func everyOperationMayFailOnce(_ seed: UInt64) throws {
        let whole = SimulatedDisk()
        _ = run(whole, seed: seed)
        var generator = SeededGenerator(seed: seed)
        for operation in 1...whole.operationCount {
            let disk = SimulatedDisk(fault: (.once, operation))
            let outcome = run(disk, seed: seed, goesOn: true)
            let found = try ModelDatabase(reading: open(disk.afterLossOfPower(&generator)))
            #expect(
                found == outcome.acknowledged || found == outcome.possible,
                "seed \(seed), operation \(operation)")
        }
    }
}
