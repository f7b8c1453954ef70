import CPlatform
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the strings of a column one behind the other, nothing for a NULL.
struct ConcatenatedTexts {
    let count: Int
    private let bytes: ByteWriter
    private let lengthBytes: Buffer

    init(_ flat: Vector) {
        count = flat.count
        lengthBytes = Self.lengths(of: flat)
        bytes = ByteWriter(capacity: 0)
        Self.append(flat, lengths, to: bytes)
    }

    /// Counts the bytes of each row in 64 bits.
    static func lengths(of flat: Vector) -> Buffer {
        let lengths = Buffer(byteCount: max(8, flat.count * 8))
        let target = lengths.pointer(to: Int64.self)
        let strings = flat.pointer(to: StringReference.self)
        let validity = flat.validity
        for row in 0..<flat.count {
            let isValid = validity?.isValid(row) ?? true
            target[row] = isValid ? Int64(strings[row].count) : 0
        }
        return lengths
    }

    /// Appends the strings of all rows that have one.
    static func append(
        _ flat: Vector, _ lengths: UnsafePointer<Int64>, to writer: ByteWriter
    ) {
        let strings = flat.pointer(to: StringReference.self)
        var byteCount = 0
        for row in 0..<flat.count { byteCount += Int(lengths[row]) }
        // Joining writes behind the end, and so may padding.
        let target = writer.reserve(byteCount + 72)
        guard flat.validity == nil, byteCount <= UInt32.max else {
            for row in 0..<flat.count where flat.isValid(row) {
                strings[row].withBytes { writer.append($0) }
            }
            return
        }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: packedCount) { ends in
            let ends = ends.baseAddress.unsafelyUnwrapped
            var offset = 0
            for row in stride(from: 0, to: flat.count, by: packedCount) {
                let count = min(packedCount, flat.count - row)
                starling_join_texts(
                    strings + row, count,
                    (target + offset).assumingMemoryBound(to: UInt8.self), 0, ends)
                offset += Int(ends[count - 1])
            }
        }
        writer.advance(byteCount)
        withExtendedLifetime(flat) {}
    }

    var lengths: UnsafePointer<Int64> { UnsafePointer(lengthBytes.pointer(to: Int64.self)) }
    var start: UnsafeRawPointer { UnsafeRawPointer(bytes.start) }
    var byteCount: Int { bytes.count }

    /// The bytes of some strings.
    func byteCount(of rows: Range<Int>) -> Int { rows.reduce(0) { $0 + Int(lengths[$1]) } }
}
