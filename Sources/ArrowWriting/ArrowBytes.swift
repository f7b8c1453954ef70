// A buffer of a batch: bytes, filled up with zeros to a multiple of 8 when they are written.

import StarlingMemory

/// Holds bytes.
struct ArrowBytes: Sendable {
    let buffer: Buffer
    let count: Int

    static let empty = ArrowBytes(Buffer(byteCount: 0), count: 0)

    init(_ buffer: Buffer, count: Int) {
        self.buffer = buffer
        self.count = count
        // Every buffer is followed by more than the bytes that fill it up.
        (buffer.baseAddress + count).initializeMemory(
            as: UInt8.self, repeating: 0, count: paddedCount - count)
    }

    var paddedCount: Int { (count + 7) / 8 * 8 }
}
