// A database whose disk fails, at every operation of a workload: after opening again, what was
// acknowledged is there and nothing else, the statement that failed being done or not.

import Starling
import StarlingErrors
import StarlingTestSupport
import Testing

@Suite struct CrashTests {
    private static let statementCount = 16

    /// Runs a workload until an error; returns what was acknowledged and what may be there, too.
    private func run(
        _ disk: SimulatedDisk, seed: UInt64, goesOn: Bool = false
    ) -> (acknowledged: ModelDatabase, possible: ModelDatabase?) {
        var workload = Workload(seed: seed)
        var model = ModelDatabase()
        guard let session = try? open(disk) else { return (model, nil) }
        var possible: ModelDatabase?
        for _ in 0..<Self.statementCount {
            let (sql, after) = workload.next(in: model)
            do {
                _ = try session.execute(sql)
                // What changes nothing is done without asking the disk.
                if after != model { possible = nil }
                model = after
            } catch {
                possible = possible ?? after
                if !goesOn { break }
            }
        }
        return (model, possible)
    }

    private func open(_ disk: SimulatedDisk) throws -> Session {
        try Database(path: "/d", on: disk, configuration: Configuration(threadCount: 1))
            .makeSession()
    }

    @Test(arguments: [1] as [UInt64])
    func everyOperationMayBeTheLast(_ seed: UInt64) throws {
        let whole = SimulatedDisk()
        _ = run(whole, seed: seed)
        var generator = SeededGenerator(seed: seed)
        for operation in 1...whole.operationCount {
            let disk = SimulatedDisk(fault: (.end, operation))
            let (acknowledged, possible) = run(disk, seed: seed)
            let again = disk.afterLossOfPower(&generator)
            let session = try open(again)
            let found = try ModelDatabase(reading: session)
            #expect(
                found == acknowledged || found == possible, "seed \(seed), operation \(operation)")
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
            let (acknowledged, possible) = run(disk, seed: seed, goesOn: true)
            let found = try ModelDatabase(reading: open(disk.afterLossOfPower(&generator)))
            #expect(
                found == acknowledged || found == possible, "seed \(seed), operation \(operation)")
        }
    }
}
