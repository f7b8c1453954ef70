// Reads the few values outside of blocks, each checked against the end of what is there.

import StarlingErrors
import StarlingMemory

/// Reads values one after the other.
struct AvroCursor {
    enum Fault: Error {
        /// The bytes end too early.
        case end
        /// Follows what is damaged: "the header …".
        case damage(String)
        case other(StarlingError)
    }

    private let buffer: Buffer
    private let byteCount: Int
    private(set) var place: Int

    init(_ buffer: Buffer, byteCount: Int, from place: Int = 0) {
        self.buffer = buffer
        self.byteCount = byteCount
        self.place = place
    }

    mutating func long() throws(Fault) -> Int {
        var bits: UInt64 = 0
        for index in 0..<10 {
            guard place < byteCount else { throw .end }
            let byte = buffer.pointer(to: UInt8.self)[place]
            place += 1
            if index == 9, byte > 1 { break }
            bits |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 {
                return Int(Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1))
            }
        }
        throw .damage("has a number of too many bytes")
    }

    mutating func bytes(_ count: Int) throws(Fault) -> [UInt8] {
        guard count <= byteCount - place else { throw .end }
        defer { place += count }
        return [UInt8](
            UnsafeRawBufferPointer(start: buffer.baseAddress + place, count: count))
    }

    /// Reads bytes behind their number.
    mutating func sizedBytes() throws(Fault) -> [UInt8] {
        let count = try long()
        guard count >= 0 else { throw .damage("has a negative length") }
        return try bytes(count)
    }
}
