// The addresses of rows that a chunk's worth of work is about.

import StarlingMemory
import StarlingVectors

/// Is the address of the first byte of a row.
package typealias RowAddress = UnsafeMutableRawPointer

/// Has room for the addresses of a chunk's rows; belongs to one worker.
package struct RowAddresses {
    private let buffer: Buffer

    package init(capacity: Int = chunkCapacity) {
        buffer = Buffer(byteCount: capacity * MemoryLayout<RowAddress>.stride)
    }

    @inline(__always)
    package var pointer: UnsafeMutablePointer<RowAddress> { buffer.pointer(to: RowAddress.self) }
}
