// Where the bytes of an index come from: memory, or a file of which only what is asked for is read.

import StarlingErrors
import StarlingMemory

/// Gives bytes of an index that never change.
package protocol IndexBytes: Sendable {
    var byteCount: Int { get }

    /// Reads bytes; what lies outside of the index is an error.
    func read(_ range: Range<Int>) throws(StarlingError) -> IndexSlice
}

/// Is a run of bytes in a buffer, which it keeps.
package struct IndexSlice: Sendable {
    private let buffer: Buffer
    private let offset: Int
    package let count: Int

    package init(_ buffer: Buffer, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.byteCount)
        self.buffer = buffer
        offset = range.lowerBound
        count = range.count
    }

    /// Lends the bytes, behind which 8 more may be read.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        defer { withExtendedLifetime(buffer) {} }
        return body(UnsafeRawBufferPointer(start: buffer.baseAddress + offset, count: count))
    }

    package func isEqual(to other: IndexSlice) -> Bool {
        withBytes { own in other.withBytes { own.elementsEqual($0) } }
    }

    package var checksum: UInt64 { withBytes { XXHash64.hash($0) } }

    /// Returns a part of the bytes.
    package func part(_ range: Range<Int>) throws(StarlingError) -> IndexSlice {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw damagedIndex("a part lies outside of it")
        }
        return IndexSlice(buffer, (offset + range.lowerBound)..<(offset + range.upperBound))
    }
}

/// Holds all bytes of an index.
package struct HeldIndexBytes: IndexBytes {
    private let whole: IndexSlice

    package init(_ buffer: Buffer, byteCount: Int) {
        whole = IndexSlice(buffer, 0..<byteCount)
    }

    package init(_ writer: ByteWriter) {
        let count = writer.count
        self.init(writer.takeBuffer(), byteCount: count)
    }

    package var byteCount: Int { whole.count }

    package func read(_ range: Range<Int>) throws(StarlingError) -> IndexSlice {
        try whole.part(range)
    }
}

/// Makes the error for bytes that are no index.
func damagedIndex(_ message: String) -> StarlingError {
    StarlingError(.data, "the index is damaged: \(message)")
}
