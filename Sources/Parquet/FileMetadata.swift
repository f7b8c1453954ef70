// The footer of a file as parquet.thrift of the Parquet format defines it, as far as reading needs
// it. Nothing here has been checked yet beyond its form.

struct FileMetadata: Sendable {
    var schema: [SchemaElement] = []
    var rowCount = 0
    var rowGroups: [RowGroupMetadata] = []
    var createdBy = ""
    /// Where absent, the order behind `min_value` and `max_value` is not defined.
    var hasColumnOrders = false
    var isEncrypted = false

    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 2:
                schema = try reader.structures(field) { (inner) throws(ParquetDamage) in
                    try SchemaElement(&inner)
                }
            case 3: rowCount = try reader.integer(field)
            case 4:
                rowGroups = try reader.structures(field) { (inner) throws(ParquetDamage) in
                    try RowGroupMetadata(&inner)
                }
            case 6: createdBy = String(decoding: try reader.binary(field), as: UTF8.self)
            case 7:
                hasColumnOrders = true
                try reader.skip(field)
            case 8:
                isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
    }
}

struct RowGroupMetadata: Sendable {
    var columns: [ColumnChunkMetadata] = []
    var byteCount = 0
    var rowCount = 0

    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1:
                columns = try reader.structures(field) { (inner) throws(ParquetDamage) in
                    try ColumnChunkMetadata(&inner)
                }
            case 2: byteCount = try reader.integer(field)
            case 3: rowCount = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
    }
}

struct ColumnChunkMetadata: Sendable {
    var filePath: String?
    var physicalType = -1
    var codec = 0
    var valueCount = 0
    var uncompressedByteCount = 0
    var compressedByteCount = 0
    var dataPageOffset = 0
    var dictionaryPageOffset: Int?
    var statistics = StatisticsMetadata()
    /// Counts the data pages per encoding; nil where the writer didn't say.
    var dataPageEncodings: [Int]?
    var isEncrypted = false
    var hasMetadata = false

    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: filePath = String(decoding: try reader.binary(field), as: UTF8.self)
            case 3 where field.type == .structure: try readMetadata(&reader)
            case 8, 9:
                isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
    }

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
            case 12 where field.type == .structure: statistics = try StatisticsMetadata(&reader)
            case 13:
                let all = try reader.structures(field) { (inner) throws(ParquetDamage) in
                    try Self.readEncodingCount(&inner)
                }
                dataPageEncodings = all.compactMap { $0 }
            default: try reader.skip(field)
            }
        }
    }

    /// Reads a PageEncodingStats; nil for pages that aren't data pages.
    private static func readEncodingCount(
        _ reader: inout ThriftReader
    ) throws(ParquetDamage) -> Int? {
        var pageType = -1
        var encoding = -1
        var count = 0
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: pageType = try reader.integer(field)
            case 2: encoding = try reader.integer(field)
            case 3: count = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
        return (pageType == 0 || pageType == 3) && count > 0 ? encoding : nil
    }
}

struct StatisticsMetadata: Sendable {
    /// The fields of old writers, whose order is only right for signed numbers.
    var oldMaximum: [UInt8]?
    var oldMinimum: [UInt8]?
    var nullCount: Int?
    var distinctCount: Int?
    var maximum: [UInt8]?
    var minimum: [UInt8]?

    init() {}

    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            switch field.id {
            case 1: oldMaximum = try reader.binary(field)
            case 2: oldMinimum = try reader.binary(field)
            case 3: nullCount = try reader.integer(field)
            case 4: distinctCount = try reader.integer(field)
            case 5: maximum = try reader.binary(field)
            case 6: minimum = try reader.binary(field)
            default: try reader.skip(field)
            }
        }
    }
}
