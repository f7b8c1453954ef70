// How structures of Thrift's compact protocol are read: field by field, in any order, those that a
// structure doesn't know passed over.

/// Is read from a structure of the compact protocol.
protocol ThriftStructure {
    /// Makes what a structure without any field means.
    init()

    /// Takes the value of a field, or skips it.
    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage)
}

extension ThriftStructure {
    /// Reads a structure up to its end.
    init(_ reader: inout ThriftReader) throws(ParquetDamage) {
        self.init()
        var lastID = 0
        while let field = try reader.nextField(after: &lastID) {
            try read(field, from: &reader)
        }
    }
}
