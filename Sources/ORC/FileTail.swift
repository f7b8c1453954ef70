// What stands at the end of a file: the postscript, which says how to read the footer, and the
// footer, which says what the file holds and where. Numbers of fields are those of the format's
// orc_proto.proto.

/// Names a codec by the format's code.
enum ORCCodec: UInt64, Sendable {
    case none, zlib, snappy, lzo, lz4, zstd, brotli
}

/// Says how the rest of the tail is stored.
struct PostScript: ProtobufMessage {
    var footerByteCount = 0
    var codec: UInt64 = 0
    var blockByteCount = 256 << 10
    var version: [UInt64] = []
    var metadataByteCount = 0
    var writerVersion: UInt64 = 0
    var magic: String?

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: footerByteCount = try reader.count(field)
        case 2: codec = try reader.word(field)
        case 3: blockByteCount = try reader.count(field)
        case 4: try reader.append(field, to: &version)
        case 5: metadataByteCount = try reader.count(field)
        case 6: writerVersion = try reader.word(field)
        case 8000: magic = try reader.text(field)
        default: try reader.skip(field)
        }
    }
}

/// Locates one stripe.
struct StripeInformation: ProtobufMessage {
    var offset = 0
    var indexByteCount = 0
    var dataByteCount = 0
    var footerByteCount = 0
    var rowCount = 0

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: offset = try reader.count(field)
        case 2: indexByteCount = try reader.count(field)
        case 3: dataByteCount = try reader.count(field)
        case 4: footerByteCount = try reader.count(field)
        case 5: rowCount = try reader.count(field)
        default: try reader.skip(field)
        }
    }
}

/// Describes one node of the tree of types; children are numbers in the list of all nodes.
struct TypeMessage: ProtobufMessage {
    var kind: UInt64 = 0
    var children: [UInt64] = []
    var fieldNames: [String] = []
    var maximumLength = 0
    var precision = 0
    var scale = 0

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: kind = try reader.word(field)
        case 2: try reader.append(field, to: &children)
        case 3: fieldNames.append(try reader.text(field))
        case 4: maximumLength = try reader.count(field)
        case 5: precision = try reader.count(field)
        case 6: scale = try reader.count(field)
        default: try reader.skip(field)
        }
    }
}

/// Holds what the footer says.
struct FileFooter: ProtobufMessage {
    var stripes: [StripeInformation] = []
    var types: [TypeMessage] = []
    var rowCount = 0
    var statistics: [StoredStatistics] = []
    /// Counts the rows of a row group; 0 where there are no row indexes.
    var rowIndexStride = 0
    var writer: UInt64 = 0
    var encryption = EncryptionMessage()
    /// 1 for the calendar that was Julian before 1582, 2 for the proleptic Gregorian one.
    var calendar: UInt64 = 0
    var softwareVersion = ""

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 3: stripes.append(try reader.message(field))
        case 4: types.append(try reader.message(field))
        case 6: rowCount = try reader.count(field)
        case 7: statistics.append(try reader.message(field))
        case 8: rowIndexStride = try reader.count(field)
        case 9: writer = try reader.word(field)
        case 10: encryption = try reader.message(field)
        case 11: calendar = try reader.word(field)
        case 12: softwareVersion = try reader.text(field)
        default: try reader.skip(field)
        }
    }
}

/// Says which columns are encrypted.
struct EncryptionMessage: ProtobufMessage {
    struct Variant: ProtobufMessage {
        var root: UInt64 = 0

        mutating func read(
            _ field: ProtobufReader.Field, from reader: inout ProtobufReader
        ) throws(ORCDamage) {
            switch field.number {
            case 1: root = try reader.word(field)
            default: try reader.skip(field)
            }
        }
    }

    var variants: [Variant] = []

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 3: variants.append(try reader.message(field))
        default: try reader.skip(field)
        }
    }
}

/// Holds the statistics of stripes, which stand before the footer.
struct StripeStatisticsList: ProtobufMessage {
    struct Stripe: ProtobufMessage {
        var columns: [StoredStatistics] = []

        mutating func read(
            _ field: ProtobufReader.Field, from reader: inout ProtobufReader
        ) throws(ORCDamage) {
            switch field.number {
            case 1: columns.append(try reader.message(field))
            default: try reader.skip(field)
            }
        }
    }

    var stripes: [Stripe] = []

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: stripes.append(try reader.message(field))
        default: try reader.skip(field)
        }
    }
}
