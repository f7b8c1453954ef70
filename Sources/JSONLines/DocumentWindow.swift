// The records that are read at once, as the readers of all columns see them.

import StarlingMemory
import StarlingVectors

/// Is a window over the records of a block.
final class DocumentWindow {
    /// Changes with every window.
    private(set) var number = 0
    private(set) var count = 0
    private var content: (block: JSONBlock, index: DocumentIndex)?
    private var baseBuffer = Buffer(byteCount: 0)

    /// Begins a window of the first `count` records that were noted.
    func begin(_ block: JSONBlock, _ form: RecordForm, count: Int) {
        number += 1
        self.count = count
        content = (block, DocumentIndex(block, form))
    }

    var index: DocumentIndex { content!.index }
    var text: UnsafeMutablePointer<UInt8> { content!.index.text }
    /// Keeps the text alive.
    var owner: Buffer { content!.block.buffer }

    /// The block from the beginning of its buffer to the end of its text.
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: content!.index.text, count: content!.index.end)
    }

    /// Returns the places of the first `count` values among ends, which are two a value.
    func bases(_ count: Int) -> UnsafePointer<UInt32> {
        if baseBuffer.byteCount < (count + 1) * 4 {
            let room = max(count, chunkCapacity) * 2
            baseBuffer = Buffer(byteCount: (room + 1) * 4)
            let bases = baseBuffer.pointer(to: UInt32.self)
            for row in 0...room { bases[row] = UInt32(truncatingIfNeeded: 2 * row) }
        }
        return UnsafePointer(baseBuffer.pointer(to: UInt32.self))
    }
}
