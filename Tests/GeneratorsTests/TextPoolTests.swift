import StarlingErrors
import StarlingGenerators
import StarlingMemory
import StarlingThreads
import Testing

@Suite struct TextPoolTests {
    @Test func everyBlockEndsWhereTheNextBegins() {
        let memory = Buffer(byteCount: TextPool.byteCount)
        #expect(TextPoolCheckpoint.all.count == TextPool.blockCount)
        #expect(TextPoolCheckpoint.all[0].offset == 0)
        for block in 0..<(TextPool.blockCount - 1) {
            let state = TextPool.write(block: block, of: memory.baseAddress)
            #expect(state == TextPoolCheckpoint.all[block + 1].state)
        }
    }

    /// Blocks are claimed by whoever needs the text; all of it must be there for each.
    @Test func everyTaskFindsAllText() async throws {
        let pool = TextPool.current()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try pool.prepare(Cancellation())
                    let text = UnsafeRawBufferPointer(
                        start: pool.text, count: TextPool.byteCount)
                    return text.allSatisfy { $0 >= 32 && $0 < 127 }
                }
            }
            for try await isText in group { #expect(isText) }
        }
    }

    @Test func aCancelledQueryLeavesTheRestToTheNext() throws {
        let pool = TextPool()
        let cancellation = Cancellation()
        cancellation.request()
        #expect(throws: StarlingError.self) { try pool.prepare(cancellation) }
        try pool.prepare(Cancellation())
        let text = UnsafeRawBufferPointer(start: pool.text, count: TextPool.byteCount)
        #expect(text.allSatisfy { $0 >= 32 && $0 < 127 })
    }
}
