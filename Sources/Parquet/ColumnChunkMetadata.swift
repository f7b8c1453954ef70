// What the footer says about one column of one row group.

/// Names a range of a file, as the footer gives it.
struct FileSection: Sendable, Hashable {
    var offset: Int
    /// Nil where the writer left it out.
    var byteCount: Int?
}

struct ColumnChunkMetadata: Sendable, ThriftStructure {
    var filePath: String?
    var physicalType = -1
    var codec = 0
    var valueCount = 0
    var uncompressedByteCount = 0
    var compressedByteCount = 0
    var dataPageOffset = 0
    var dictionaryPageOffset: Int?
    var statistics = StatisticsMetadata()
    /// The encodings of data pages; nil where the writer didn't say.
    var dataPageEncodings: [Int]?
    var isEncrypted = false
    var hasMetadata = false

    private var offsetIndexOffset: Int?
    private var offsetIndexByteCount: Int?
    private var columnIndexOffset: Int?
    private var columnIndexByteCount: Int?
    private var bloomFilterOffset: Int?
    private var bloomFilterByteCount: Int?

    var offsetIndex: FileSection? {
        offsetIndexOffset.map { FileSection(offset: $0, byteCount: offsetIndexByteCount) }
    }

    var columnIndex: FileSection? {
        columnIndexOffset.map { FileSection(offset: $0, byteCount: columnIndexByteCount) }
    }

    var bloomFilter: FileSection? {
        bloomFilterOffset.map { FileSection(offset: $0, byteCount: bloomFilterByteCount) }
    }

    /// True where the writer promises that all values come from the dictionary.
    var isFromDictionaryOnly: Bool {
        guard let dataPageEncodings, !dataPageEncodings.isEmpty else { return false }
        return dataPageEncodings.allSatisfy { $0 == 2 || $0 == 8 }
    }

    /// Where the pages lie, dictionary included; nil where the numbers are impossible.
    var byteRange: Range<Int>? {
        var start = dataPageOffset
        // Some writers leave 0 where there is no dictionary.
        if let offset = dictionaryPageOffset, offset > 0 { start = min(start, offset) }
        let (end, overflow) = start.addingReportingOverflow(compressedByteCount)
        guard start >= 4, compressedByteCount >= 0, !overflow else { return nil }
        return start..<end
    }

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: filePath = String(decoding: try reader.binary(field), as: UTF8.self)
        case 3 where field.type == .structure: try readMetadata(&reader)
        case 4: offsetIndexOffset = try reader.integer(field)
        case 5: offsetIndexByteCount = try reader.integer(field)
        case 6: columnIndexOffset = try reader.integer(field)
        case 7: columnIndexByteCount = try reader.integer(field)
        case 8, 9:
            isEncrypted = true
            try reader.skip(field)
        default: try reader.skip(field)
        }
    }

    /// Reads the structure ColumnMetaData, whose fields are kept here.
    private mutating func readMetadata(_ reader: inout ThriftReader) throws(ParquetDamage) {
        hasMetadata = true
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: physicalType = try reader.integer(field)
            case 4: codec = try reader.integer(field)
            case 5: valueCount = try reader.integer(field)
            case 6: uncompressedByteCount = try reader.integer(field)
            case 7: compressedByteCount = try reader.integer(field)
            case 9: dataPageOffset = try reader.integer(field)
            case 11: dictionaryPageOffset = try reader.integer(field)
            case 12: statistics = try reader.structure(field)
            case 13:
                let all: [PageEncodingCount] = try reader.structures(field)
                dataPageEncodings = all.filter(\.isOfDataPages).map(\.encoding)
            case 14: bloomFilterOffset = try reader.integer(field)
            case 15: bloomFilterByteCount = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
    }
}

/// Says how many pages of a kind have an encoding.
private struct PageEncodingCount: ThriftStructure {
    var pageType = -1
    var encoding = -1
    var count = 0

    var isOfDataPages: Bool { (pageType == 0 || pageType == 3) && count > 0 }

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: pageType = try reader.integer(field)
        case 2: encoding = try reader.integer(field)
        case 3: count = try reader.integer(field)
        default: try reader.skip(field)
        }
    }
}
