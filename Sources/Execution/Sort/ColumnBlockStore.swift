import StarlingErrors
import StarlingMemory
import StarlingTypes
import Synchronization

/// Owns the row blocks of all workers of a sink and numbers them.
final class ColumnBlockStore: Sendable {
    private struct State {
        var blocks: [ColumnBlock?] = []
        var freeNumbers: [Int] = []
    }

    let types: [PhysicalType]
    let wordCount: Int
    private let state = Mutex(State())

    init(types: [PhysicalType], wordCount: Int) {
        self.types = types
        self.wordCount = wordCount
    }

    /// Makes an empty block that the calling worker fills.
    func addBlock() throws(StarlingError) -> ColumnBlock {
        let block = state.withLock { state -> ColumnBlock? in
            let number = state.freeNumbers.popLast() ?? state.blocks.count
            guard number < 1 << 21 else { return nil }
            let block = ColumnBlock(number: number, types: types, wordCount: wordCount)
            if number == state.blocks.count {
                state.blocks.append(block)
            } else {
                state.blocks[number] = block
            }
            return block
        }
        guard let block else {
            throw StarlingError(.resource, "a sort holds more than 4,294,967,296 rows in memory")
        }
        return block
    }

    /// Drops blocks; their numbers are used again.
    func remove(_ blocks: [ColumnBlock]) {
        state.withLock { state in
            for block in blocks {
                state.blocks[block.number] = nil
                state.freeNumbers.append(block.number)
            }
        }
    }
}
