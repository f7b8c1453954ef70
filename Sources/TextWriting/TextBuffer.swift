// Text that grows: who writes many bytes asks for room once and puts them through a pointer.

import StarlingMemory

/// Collects bytes. Behind the room that was asked for lie 64 bytes that may be overwritten.
final class TextBuffer {
    private(set) var storage: Buffer
    private(set) var count = 0

    init(capacity: Int = 256) { storage = Buffer(byteCount: max(64, capacity) + 64) }

    /// Makes room for `byteCount` more bytes and returns where they go.
    func room(for byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        let needed = count + byteCount + 64
        if needed > storage.byteCount {
            let larger = Buffer(byteCount: max(needed, storage.byteCount * 2))
            larger.baseAddress.copyMemory(from: storage.baseAddress, byteCount: count)
            storage = larger
        }
        return start + count
    }

    var start: UnsafeMutablePointer<UInt8> { storage.pointer() }

    /// Says up to where the room was used.
    func end(at place: UnsafeMutablePointer<UInt8>) {
        count = place - start
        precondition(count <= storage.byteCount)
    }

    func append(_ bytes: [UInt8]) {
        let target = room(for: bytes.count)
        bytes.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { target.update(from: first, count: source.count) }
        }
        end(at: target + bytes.count)
    }
}

/// Copies a few bytes by words: both sides have 16 bytes behind that may be read or overwritten.
@inline(__always)
func copyShort(
    _ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>
) {
    if count <= 16 {
        let block = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self)
        UnsafeMutableRawPointer(target).storeBytes(of: block, as: SIMD16<UInt8>.self)
    } else {
        target.update(from: source, count: count)
    }
}
