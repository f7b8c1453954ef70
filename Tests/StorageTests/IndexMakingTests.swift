// What making indexes takes of a budget: rows that can do without an index are stored without where there
// is no memory for it, and who needs it is told.

import StarlingErrors
import StarlingMemory
import StarlingStorage
import StarlingTables
import StarlingThreads
import Testing

@Suite struct IndexMakingTests {
    private func table(_ kind: IndexKind) throws -> NativeTable {
        try sampleTable(rowCount: 60_000).indexing([1: [WantedIndex(kind: kind)]])
    }

    private func indexed(
        _ kind: IndexKind, _ budget: MemoryBudget, isNeeded: Bool,
        _ cancellation: Cancellation = Cancellation()
    ) throws -> Bool {
        let table = try table(kind)
        let bare = table.segments[0].withoutIndexes
        let making = IndexMaking(budget, cancellation, isNeeded: isNeeded)
        return try !table.lacksIndex(table.indexed(bare, making))
    }

    private static let kinds: [IndexKind] = [
        .terms(analyzer: "standard", hasPositions: true), .values,
        .grams(size: 3, ignoresCase: false, error: 0.01),
    ]

    @Test(arguments: kinds) func memoryIsReserved(_ kind: IndexKind) throws {
        let small = MemoryBudget(byteLimit: 4_096, settingName: "a setting")
        #expect(try !indexed(kind, small, isNeeded: false))
        let error = #expect(throws: StarlingError.self) {
            try indexed(kind, small, isNeeded: true)
        }
        #expect(error?.kind == .resource)
        let large = MemoryBudget(byteLimit: 1 << 30, settingName: "a setting")
        #expect(try indexed(kind, large, isNeeded: true))
        // All of it was given back.
        #expect(large.tryReserve(1 << 30))
    }

    @Test(arguments: kinds) func makingCanBeCancelled(_ kind: IndexKind) throws {
        let cancellation = Cancellation()
        cancellation.request()
        let budget = MemoryBudget(byteLimit: 1 << 30, settingName: "a setting")
        let error = #expect(throws: StarlingError.self) {
            try indexed(kind, budget, isNeeded: false, cancellation)
        }
        #expect(error?.kind == .cancelled)
    }
}
