import StarlingErrors
import StarlingMemory
import StarlingTables

/// Is where the bloom filter of a column of a segment can be read, and what must be true of it.
struct StoredFilter: Sendable {
    var segment: StoredSegment
    /// Nil where the table does not have the column any more.
    var column: TableColumn?
    var offset: Int
    var byteCount: Int
    var checksum: UInt64

    /// Reads the filter, after its checksum.
    func read() throws(StarlingError) -> SplitBlockFilter {
        guard offset >= 0, byteCount >= 0, offset <= segment.byteCount,
            byteCount <= segment.byteCount - offset
        else { throw damage("lies outside of it") }
        let buffer = try segment.read(offset..<(offset + byteCount))
        defer { withExtendedLifetime(buffer) {} }
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: byteCount)
        guard XXHash64.hash(bytes) == checksum else { throw damage("has a wrong checksum") }
        let words = UnsafeBufferPointer(
            start: buffer.pointer(to: UInt32.self), count: byteCount / 4)
        guard byteCount % 4 == 0, let filter = SplitBlockFilter(words: Array(words)) else {
            throw damage("has \(byteCount) bytes")
        }
        return filter
    }

    private func damage(_ message: String) -> StarlingError {
        let name = column.map { " of column '\($0.name)'" } ?? ""
        return segment.damage("the bloom filter\(name) \(message)")
    }
}
