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

    @Test func theErrorNamesTheLimitThatIsInTheWay() throws {
        let parent = MemoryBudget(byteLimit: 1_000, settingName: "memory_limit")
        let other = MemoryBudget(byteLimit: 900, settingName: "query_mem_limit", parent: parent)
        let budget = MemoryBudget(byteLimit: 900, settingName: "query_mem_limit", parent: parent)
        try other.reserve(800, for: "the sort")
        let error = #expect(throws: StarlingError.self) { try budget.reserve(300, for: "the join") }
        #expect(
            error?.message
                == "the join needs 300 more bytes, but 800 of 1000 bytes are in use; raise memory_limit"
        )
    }

    /// Who asks for too much is no reason to refuse others.
    @Test func whatDoesNotFitDisturbsNobody() async {
        let parent = MemoryBudget(byteLimit: 1_000, settingName: "memory_limit")
        let budget = MemoryBudget(byteLimit: 1_000, settingName: "query_mem_limit", parent: parent)
        await withTaskGroup(of: Int.self) { group in
            group.addTask { (0..<100_000).count { _ in budget.tryReserve(1_001) } }
            group.addTask {
                (0..<100_000).count { _ in
                    guard budget.tryReserve(10) else { return true }
                    budget.release(10)
                    return false
                }
            }
            for await wrongCount in group { #expect(wrongCount == 0) }
        }
    }
}
