// The header before each page of a column chunk.

/// Holds what a page header says, both versions in one shape; sizes are checked to be plausible.
struct PageHeader {
    enum Kind {
        case data, dictionary
        /// An index page or one of a later version, which is passed over.
        case other
    }

    var kind = Kind.other
    var compressedByteCount = 0
    var uncompressedByteCount = 0
    var valueCount = 0
    var encoding = 0
    var levelEncoding = 3
    var repetitionLevelEncoding = 3
    /// Version 2 only: counts rows, each of which begins and ends in the page.
    var rowCount: Int?
    /// The CRC-32 of the page as it lies in the file, where the writer gives one.
    var checksum: UInt32?
    /// Version 2 only: levels lie before the values and are never compressed.
    var isVersion2 = false
    var definitionByteCount = 0
    var repetitionByteCount = 0
    var isCompressed = true
    /// The bytes of the header itself.
    var headerByteCount = 0

    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetDamage) {
        var reader = ThriftReader(bytes)
        var type = -1
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch (field.id, field.type) {
            case (1, _): type = try reader.integer(field)
            case (2, _): uncompressedByteCount = try reader.integer(field)
            case (3, _): compressedByteCount = try reader.integer(field)
            case (4, _): checksum = UInt32(truncatingIfNeeded: try reader.integer(field))
            case (5, .structure): try readDataPage(&reader)
            // A dictionary's fields are the first ones of a data page.
            case (7, .structure): try readDataPage(&reader)
            case (8, .structure): try readDataPageVersion2(&reader)
            default: try reader.skip(field)
            }
        }
        kind = type == 0 || type == 3 ? .data : type == 2 ? .dictionary : .other
        headerByteCount = reader.offset
        let sizes = [
            compressedByteCount, uncompressedByteCount, valueCount, definitionByteCount,
            repetitionByteCount, rowCount ?? 0,
        ]
        guard sizes.allSatisfy({ $0 >= 0 && $0 <= Int(Int32.max) }) else {
            throw ParquetDamage("a page header has an impossible size")
        }
        isVersion2 = type == 3
    }

    private mutating func readDataPage(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch (field.id, field.type) {
            case (1, _): valueCount = try reader.integer(field)
            case (2, _): encoding = try reader.integer(field)
            case (3, .i32): levelEncoding = try reader.integer(field)
            case (4, .i32): repetitionLevelEncoding = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
    }

    private mutating func readDataPageVersion2(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: valueCount = try reader.integer(field)
            case 3: rowCount = try reader.integer(field)
            case 4: encoding = try reader.integer(field)
            case 5: definitionByteCount = try reader.integer(field)
            case 6: repetitionByteCount = try reader.integer(field)
            case 7: isCompressed = reader.flag(field)
            default: try reader.skip(field)
            }
        }
    }
}
