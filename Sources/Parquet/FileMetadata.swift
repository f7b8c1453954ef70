// The footer of a file as parquet.thrift of the Parquet format defines it, as far as reading needs
// it. Nothing here has been checked yet beyond its form.

struct FileMetadata: Sendable, ThriftStructure {
    var schema: [SchemaElement] = []
    var rowCount = 0
    var rowGroups: [RowGroupMetadata] = []
    var createdBy = ""
    /// One a leaf; where absent, the order behind `min_value` and `max_value` is not defined.
    var columnOrders: [ColumnOrder] = []

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 2:
            schema = try reader.structures(field) { (inner) throws(ParquetDamage) in
                try SchemaElement(&inner)
            }
        case 3: rowCount = try reader.integer(field)
        case 4: rowGroups = try reader.structures(field)
        case 6: createdBy = String(decoding: try reader.binary(field), as: UTF8.self)
        case 7: columnOrders = try reader.structures(field)
        default: try reader.skip(field)
        }
    }

    /// Tells whether the bounds of a leaf follow the order of its type.
    func hasOrder(ofLeaf leaf: Int) -> Bool {
        leaf < columnOrders.count && columnOrders[leaf].isKnown
    }
}

/// Says what `min_value` and `max_value` of a column are ordered by.
struct ColumnOrder: Sendable, ThriftStructure {
    /// True for the order of the type, and for IEEE 754's total order of floating-point numbers,
    /// whose bounds mean the same once NaN is set aside.
    private(set) var isKnown = false

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        isKnown = field.id == 1 || field.id == 2
        try reader.skip(field)
    }
}

struct RowGroupMetadata: Sendable, ThriftStructure {
    var columns: [ColumnChunkMetadata] = []
    var byteCount = 0
    var rowCount = 0

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: columns = try reader.structures(field)
        case 2: byteCount = try reader.integer(field)
        case 3: rowCount = try reader.integer(field)
        default: try reader.skip(field)
        }
    }
}
