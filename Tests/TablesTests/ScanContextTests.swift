import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import Testing

@Suite struct ScanContextTests {
    private let context = ScanContext(
        budget: MemoryBudget(byteLimit: 1_000, settingName: "query_mem_limit"),
        cancellation: Cancellation())

    private final class Counter: Sendable {}

    @Test func whatReadersShareIsMadeOnceForEachOwner() {
        let (first, second) = (Counter(), Counter())
        let made = context.shared(by: first) { Counter() }
        #expect(context.shared(by: first) { Counter() } === made)
        #expect(context.shared(by: second) { Counter() } !== made)
    }

    private var findsReadsSlow: Bool { context.readsAreSlow.load(ordering: .relaxed) }

    @Test func readsSlowerThanMemoryAreNoted() {
        context.noteRead(1_000_000, took: .microseconds(900))
        #expect(!findsReadsSlow)
        context.noteRead(1_000, took: .milliseconds(5))
        #expect(findsReadsSlow)
        let byteCount = context.bytesRead.load(ordering: .relaxed)
        #expect(byteCount == 1_001_000)
    }

    @Test func boundsNeedBothEndsInOrder() {
        func bounds(_ low: Value?, _ high: Value?) -> Bounds? {
            ColumnStatistics(low: low, high: high).bounds
        }
        #expect(bounds(.integer(1), .integer(5)) == Bounds(low: 1, high: 5))
        #expect(bounds(.integer(1), nil) == nil)
        #expect(bounds(.integer(5), .integer(1)) == nil)
        #expect(bounds(.text("a"), .text("b")) == nil)
    }
}
