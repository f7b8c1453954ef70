// The owned, aligned bytes that vectors, hash tables and file blocks live in.

import CPlatform
import StarlingErrors

/// Owns a block of bytes, aligned to 64 and followed by 64 bytes that may be read.
///
/// `@unchecked Sendable`: a buffer is written by the one worker that made it and only read after
/// it has been handed on.
package final class Buffer: @unchecked Sendable {
    package let baseAddress: UnsafeMutableRawPointer
    package let byteCount: Int
    /// What the bytes are counted in; nil where whoever made the buffer answers for them.
    private let reservation: Reservation?

    /// Allocates uninitialized bytes.
    package convenience init(byteCount: Int) { self.init(byteCount: byteCount, nil) }

    /// Allocates uninitialized bytes that count against a budget for as long as they are there.
    package convenience init(
        byteCount: Int, within budget: MemoryBudget, for purpose: String
    ) throws(StarlingError) {
        let reservation = Reservation(budget, purpose: purpose)
        try reservation.resize(to: byteCount)
        self.init(byteCount: byteCount, reservation)
    }

    private init(byteCount: Int, _ reservation: Reservation?) {
        precondition(byteCount >= 0)
        guard let address = starling_buffer_allocate(byteCount) else {
            preconditionFailure("out of memory: \(byteCount) bytes")
        }
        self.baseAddress = address
        self.byteCount = byteCount
        self.reservation = reservation
    }

    deinit { starling_buffer_free(baseAddress, byteCount) }

    /// Allocates bytes that are all zero.
    package static func zeroed(byteCount: Int) -> Buffer {
        let buffer = Buffer(byteCount: byteCount)
        buffer.baseAddress.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        return buffer
    }

    /// Views the bytes as elements of a trivial type.
    @inline(always)
    package func pointer<Element: BitwiseCopyable>(
        to type: Element.Type = Element.self
    ) -> UnsafeMutablePointer<Element> {
        baseAddress.assumingMemoryBound(to: Element.self)
    }
}
