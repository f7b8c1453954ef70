// Bounds and counts of a column chunk as the footer has them; `ChunkStatistics` decides which of
// them mean something.

struct StatisticsMetadata: Sendable, ThriftStructure {
    /// The fields of old writers, whose order is only right for signed numbers.
    var oldMaximum: [UInt8]?
    var oldMinimum: [UInt8]?
    var nullCount: Int?
    var distinctCount: Int?
    var maximum: [UInt8]?
    var minimum: [UInt8]?
    /// False where a bound may have been cut short and be no value of the column.
    var isMaximumExact: Bool?
    var isMinimumExact: Bool?

    mutating func read(
        _ field: ThriftReader.Field, from reader: inout ThriftReader
    ) throws(ParquetDamage) {
        switch field.id {
        case 1: oldMaximum = try reader.binary(field)
        case 2: oldMinimum = try reader.binary(field)
        case 3: nullCount = try reader.integer(field)
        case 4: distinctCount = try reader.integer(field)
        case 5: maximum = try reader.binary(field)
        case 6: minimum = try reader.binary(field)
        case 7: isMaximumExact = reader.flag(field)
        case 8: isMinimumExact = reader.flag(field)
        default: try reader.skip(field)
        }
    }
}
