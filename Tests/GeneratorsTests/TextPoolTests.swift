import StarlingMemory
import Testing

import StarlingGenerators

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
    @Test func everyTaskFindsAllText() async {
        let pool = TextPool.current()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let text = UnsafeRawBufferPointer(
                        start: pool.prepare(), count: TextPool.byteCount)
                    return text.allSatisfy { $0 >= 32 && $0 < 127 }
                }
            }
            for await isText in group { #expect(isText) }
        }
    }
}
