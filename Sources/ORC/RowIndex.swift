// The row index of a column: for each row group its statistics, and where in the column's streams
// it begins.

/// Describes one row group of a column.
struct RowIndexEntry: ProtobufMessage {
    /// The positions in all streams of the column, one after the other.
    var positions: [UInt64] = []
    var statistics = StoredStatistics()

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: try reader.append(field, to: &positions)
        case 2: statistics = try reader.message(field)
        default: try reader.skip(field)
        }
    }
}

/// Holds the entries of one column of a stripe.
struct RowIndex: ProtobufMessage {
    var entries: [RowIndexEntry] = []

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: entries.append(try reader.message(field))
        default: try reader.skip(field)
        }
    }
}

/// Hands out the positions of one row group, in the order of the streams.
struct StreamPositions {
    private let positions: [UInt64]
    private var next = 0

    init(_ positions: [UInt64]) { self.positions = positions }

    mutating func take() throws(ORCDamage) -> Int {
        guard next < positions.count, positions[next] <= UInt64(Int.max >> 8) else {
            throw ORCDamage("the row index has impossible positions")
        }
        defer { next += 1 }
        return Int(positions[next])
    }
}
