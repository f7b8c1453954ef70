// Split-block bloom filters of column chunks (`SplitBlockFilter`). Few values are asked for at a time,
// so only their blocks are read, not the filter.

import StarlingErrors
import StarlingFiles
import StarlingTables
import StarlingTypes

/// Holds the structure BloomFilterHeader.
private struct BloomFilterHeader: ThriftStructure {
    var byteCount = 0
    /// Whether blocks, hash and compression are those that the format has had so far.
    var isKnownKind = true

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: byteCount = try reader.integer(field)
        case 2, 3, 4:
            let kind: UnionMember = try reader.structure(field)
            if kind.id != 1 { isKnownKind = false }
        default: try reader.skip(field)
        }
    }
}

/// Tells which member of a union there is.
private struct UnionMember: ThriftStructure {
    var id = 0

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        id = field.id
        try reader.skip(field)
    }
}

/// Asks the filter of one column chunk.
struct BloomFilter {
    private let file: any ReadableFile
    private let start: Int
    private let blockCount: Int

    private static let headerByteCountMax = 64

    /// Reads the header; nil where there is no filter that this reader knows.
    init?(_ section: FileSection, in file: any ReadableFile) throws(StarlingError) {
        guard section.offset >= 4, section.offset < file.byteCount else { return nil }
        let count = min(Self.headerByteCountMax, file.byteCount - section.offset)
        let bytes = try file.read(section.offset..<(section.offset + count))
        defer { withExtendedLifetime(bytes) {} }
        var reader = ThriftReader(UnsafeRawBufferPointer(start: bytes.baseAddress, count: count))
        guard let header = try? BloomFilterHeader(&reader), header.isKnownKind,
            header.byteCount >= 32, header.byteCount % 32 == 0,
            header.byteCount <= file.byteCount - section.offset - reader.offset
        else { return nil }
        self.file = file
        start = section.offset + reader.offset
        blockCount = header.byteCount / 32
    }

    /// Tells whether a value with this hash may occur.
    func mayContain(_ hash: UInt64) throws(StarlingError) -> Bool {
        let block = start + SplitBlockFilter.block(of: hash, among: blockCount) * 32
        let bytes = try file.read(block..<(block + 32))
        defer { withExtendedLifetime(bytes) {} }
        let words = bytes.pointer(to: UInt32.self)
        return SplitBlockFilter.mayContain(hash, in: UnsafeBufferPointer(start: words, count: 8))
    }
}
