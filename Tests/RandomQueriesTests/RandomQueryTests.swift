// Random queries give the same rows, however they are run: the reference is the plan as it was
// written, on one worker.

import Foundation
import RandomQueries
import Starling
import Testing

struct RandomQueryTests {
    /// `STARLING_FUZZ_ROUNDS` lets the queries run longer, `STARLING_FUZZ_SEED` others.
    private static let rounds = number("STARLING_FUZZ_ROUNDS") ?? 250
    private static let seed = number("STARLING_FUZZ_SEED") ?? 20_241

    private static let isVerbose =
        ProcessInfo.processInfo.environment["STARLING_FUZZ_VERBOSE"] != nil

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }

    private static let reference = ["SET enable_optimizer = false", "SET pipeline_dop = 1"]
    private static let others = [
        [], ["SET batch_size = 13"], ["SET force_spill = true"],
        ["SET enable_runtime_filters = false", "SET pipeline_dop = 1"],
    ]

    @Test func everyWayToRunAQueryGivesTheSameRows() throws {
        var query = RandomQuery(seed: UInt64(Self.seed))
        let database = Database(configuration: Configuration(threadCount: 2))
        let session = database.makeSession()
        for statement in query.tableStatements() { _ = try session.execute(statement) }
        let reference = try makeSession(database, Self.reference)
        let others = try Self.others.map { try makeSession(database, $0) }
        var errorCount = 0
        for round in 0..<Self.rounds {
            let sql = query.next()
            // Where a query ends the process, this is how to find it.
            if Self.isVerbose { FileHandle.standardError.write(Data((sql + ";\n").utf8)) }
            let expected = outcome(of: sql, in: reference)
            if expected.first?.contains(" error: ") == true {
                errorCount += 1
            }
            for (settings, session) in zip(Self.others, others) {
                let found = outcome(of: sql, in: session)
                guard found != expected else { continue }
                Issue.record(
                    """
                    seed \(Self.seed), round \(round), \(settings): \(found.prefix(5)), but \
                    \(expected.prefix(5)) was expected of \(sql)
                    """)
            }
        }
        #expect(errorCount * 20 < Self.rounds, "queries that only fail test nothing")
    }

    private func makeSession(_ database: Database, _ settings: [String]) throws -> Session {
        let session = database.makeSession()
        for setting in settings { _ = try session.execute(setting) }
        return session
    }

    /// The rows in a fixed order, or what went wrong.
    private func outcome(of sql: String, in session: Session) -> [String] {
        do {
            return try session.execute(sql).rows.map { "\($0)" }.sorted()
        } catch {
            return ["\(error.kind.rawValue) error: \(error.message)"]
        }
    }
}
