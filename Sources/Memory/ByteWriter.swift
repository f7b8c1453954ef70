// Bytes that grow at their end: what pages and blocks of files are built in.

/// Collects bytes.
///
/// `@unchecked Sendable`: one worker writes it; the thread that it is handed to only reads.
package final class ByteWriter: @unchecked Sendable {
    private var buffer: Buffer
    package private(set) var count = 0

    package init(capacity: Int = 4_096) { buffer = Buffer(byteCount: capacity) }

    package var start: UnsafeMutableRawPointer { buffer.baseAddress }

    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
    }

    package func removeAll() { count = 0 }

    /// Takes away what was appended since there were `newCount` bytes.
    package func removeLast(downTo newCount: Int) {
        precondition((0...count).contains(newCount))
        count = newCount
    }

    /// Returns the bytes at the beginning of a buffer that is hardly larger than they are; the
    /// writer is empty afterwards.
    package func takeBuffer() -> Buffer {
        defer {
            buffer = Buffer(byteCount: 0)
            count = 0
        }
        guard count < buffer.byteCount / 8 * 7 else { return buffer }
        let exact = Buffer(byteCount: count)
        exact.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count)
        return exact
    }

    /// Makes room for `more` bytes behind the end, and returns where they begin.
    @inline(always)
    package func reserve(_ more: Int) -> UnsafeMutableRawPointer {
        if count &+ more > buffer.byteCount { grow(more) }
        return buffer.baseAddress + count
    }

    /// Counts bytes that were written into reserved room.
    @inline(always)
    package func advance(_ written: Int) { count &+= written }

    @inline(never)
    private func grow(_ more: Int) {
        let larger = Buffer(byteCount: max(count + more, buffer.byteCount * 2))
        larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: count)
        buffer = larger
    }

    package func append(_ other: UnsafeRawBufferPointer) {
        guard let address = other.baseAddress else { return }
        reserve(other.count).copyMemory(from: address, byteCount: other.count)
        count += other.count
    }

    /// Appends zeros up to the next multiple of `alignment`.
    package func pad(toMultipleOf alignment: Int) {
        let padding = (alignment - count % alignment) % alignment
        reserve(padding).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
        count += padding
    }

    package func append(_ other: [UInt8]) { other.withUnsafeBytes { append($0) } }

    @inline(always)
    package func append<Number: BitwiseCopyable>(_ number: Number) {
        reserve(MemoryLayout<Number>.size).storeBytes(of: number, as: Number.self)
        count &+= MemoryLayout<Number>.size
    }

    package func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    package func appendZigzag(_ number: Int64) {
        appendVarint(UInt64(bitPattern: (number &<< 1) ^ (number &>> 63)))
    }

    /// Appends numbers below 2 to the power of `width` (at most 64), least significant bit first,
    /// and fills the last byte with zeros.
    @inline(always)
    package func appendPacked<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ numbers: UnsafePointer<Number>, count numberCount: Int, width: Int
    ) {
        let byteCount = (numberCount * width + 7) / 8
        // Whole words are stored, also at the end.
        let target = reserve(byteCount + 8)
        var offset = 0
        var pending: UInt64 = 0
        var pendingBits = 0
        for place in 0..<numberCount {
            let number = UInt64(truncatingIfNeeded: numbers[place])
            pending |= number &<< UInt64(truncatingIfNeeded: pendingBits)
            pendingBits &+= width
            if pendingBits >= 64 {
                target.storeBytes(of: pending, toByteOffset: offset, as: UInt64.self)
                offset &+= 8
                pendingBits &-= 64
                let used = width &- pendingBits
                pending = used >= 64 ? 0 : number &>> UInt64(truncatingIfNeeded: used)
            }
        }
        if pendingBits > 0 {
            target.storeBytes(of: pending, toByteOffset: offset, as: UInt64.self)
        }
        count &+= byteCount
    }
}
