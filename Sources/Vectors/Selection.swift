// The rows of a chunk that passed a filter so far. A selection lives inside an operator: between
// operators chunks are dense, so that every kernel but filters and gathers sees plain arrays.

import StarlingMemory

/// Lists rows of a chunk in ascending order.
package struct Selection: Sendable {
    package let buffer: Buffer
    package var count: Int

    /// Makes room for a full chunk's rows.
    package init() {
        buffer = Buffer(byteCount: chunkCapacity * 2 + 64)
        count = 0
    }

    /// Selects all of the first `count` rows.
    package init(all count: Int) {
        self.init()
        self.count = count
        let rows = rows
        for row in 0..<count { rows[row] = UInt16(truncatingIfNeeded: row) }
    }

    @inline(always)
    package var rows: UnsafeMutablePointer<UInt16> { buffer.pointer(to: UInt16.self) }
}
