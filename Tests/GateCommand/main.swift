// Counts the allocations of TPC-H's queries and of statements that are one kernel each, on one thread,
// and prints a line for each: its name, a tab, the count. Tests/GateTests holds the counts down.
//
//     SWIFT_DETERMINISTIC_HASHING=1 GateCommand [WORD …] > Tests/GateTests/allocations.tsv

import CAllocations
import Foundation
import Starling

/// Counts what a text of statements allocates once its tables and kernels are warm.
func allocations(of sql: String, in session: Session) throws -> UInt64 {
    var least = UInt64.max
    for _ in 0..<3 {
        let before = allocation_count()
        try session.executeScript(sql) { _ in }
        least = min(least, allocation_count() - before)
    }
    return least
}

let words = CommandLine.arguments.dropFirst()
let suites: [GateSuite] = [try .benchmark("tpch"), .kernels]
for suite in suites {
    var configuration = Configuration(threadCount: 1)
    configuration.runsInBackground = false
    configuration.refreshesViews = false
    let session = Database(configuration: configuration).makeSession()
    try session.executeScript(suite.preparation) { _ in }
    for (name, sql) in suite.statements
    where words.isEmpty || words.contains(where: { name.contains($0) }) {
        print("\(name)\t\(try allocations(of: sql, in: session))")
    }
}
