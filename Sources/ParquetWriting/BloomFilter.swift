// The bloom filter of a column chunk: the hashes of the values' plain bytes, behind a header.

import StarlingMemory
import StarlingTables

/// Collects values.
struct BloomFilter: Sendable {
    private var filter: SplitBlockFilter

    /// Makes a filter for `distinctCount` values that lets `error` of all others pass; its size is a
    /// power of two.
    init(distinctCount: Int, error: Double) {
        let wanted = SplitBlockFilter.byteCount(distinctCount: distinctCount, error: error)
        var byteCount = SplitBlockFilter.blockByteCount
        while byteCount < wanted, byteCount < 128 << 20 { byteCount *= 2 }
        filter = SplitBlockFilter(blockCount: byteCount / SplitBlockFilter.blockByteCount)
    }

    mutating func insert(_ bytes: [UInt8]) { filter.insert(XXHash64.hash(bytes)) }

    /// The filter with its header.
    var bytes: [UInt8] {
        var header = ThriftWriter()
        header.writeStructure { writer in
            writer.write(1, int32: filter.byteCount)
            for field in 2...4 { writer.write(field) { $0.write(1) { _ in } } }
        }
        var result = header.bytes
        result.reserveCapacity(result.count + filter.byteCount)
        for word in filter.words { withUnsafeBytes(of: word.littleEndian) { result += $0 } }
        return result
    }
}
