import StarlingErrors
import StarlingMemory
import Testing

@Suite struct MemoryBudgetTests {
    @Test func takesUpToItsLimit() {
        let budget = MemoryBudget(byteLimit: 100, settingName: "query_mem_limit")
        #expect(budget.tryReserve(60) && budget.tryReserve(40))
        #expect(!budget.tryReserve(1))
        #expect(budget.usedByteCount == 100)
        budget.release(30)
        #expect(budget.hasRoom(for: 30) && !budget.hasRoom(for: 31))
        #expect(budget.usedByteCount == 70 && budget.peakByteCount == 100)
    }

    @Test func parentsLimitTheirChildrenTogether() {
        let parent = MemoryBudget(byteLimit: 100, settingName: "memory_limit")
        let first = MemoryBudget(byteLimit: 80, settingName: "query_mem_limit", parent: parent)
        let second = MemoryBudget(byteLimit: 80, settingName: "query_mem_limit", parent: parent)
        #expect(first.tryReserve(70))
        #expect(!second.hasRoom(for: 31) && second.hasRoom(for: 30))
        #expect(!second.tryReserve(31))
        // What the parent refused is not taken from the child either.
        #expect(second.usedByteCount == 0 && parent.usedByteCount == 70)
        #expect(second.tryReserve(30) && parent.usedByteCount == 100)
        first.release(70)
        #expect(parent.usedByteCount == 30)
        // The child's own limit holds where the parent has room.
        #expect(!second.tryReserve(51) && parent.usedByteCount == 30)
    }

    @Test func theErrorNamesPurposeFiguresAndRemedy() throws {
        let budget = MemoryBudget(byteLimit: 1_000, settingName: "query_mem_limit")
        try budget.reserve(900, for: "the sort")
        let error = #expect(throws: StarlingError.self) { try budget.reserve(200, for: "the join") }
        #expect(error?.kind == .resource)
        for part in ["the join", "200", "900", "1000", "query_mem_limit"] {
            #expect(error?.message.contains(part) == true, "\(part)")
        }
        #expect(budget.usedByteCount == 900)
    }
}
