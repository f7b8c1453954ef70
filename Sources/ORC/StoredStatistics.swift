// Statistics of a column as files have them, for the file, for a stripe or for a row group. What
// they mean depends on the type and the writer; `BoundReader` knows.

/// Holds the fields of one kind of statistics: each is a number's bits or bytes.
struct StoredBounds: ProtobufMessage {
    /// By field number, from 1 on; there are at most six.
    private(set) var words: [UInt64?] = []
    private(set) var texts: [[UInt8]?] = []

    func word(_ field: Int) -> UInt64? { field <= words.count ? words[field - 1] : nil }
    func text(_ field: Int) -> [UInt8]? { field <= texts.count ? texts[field - 1] : nil }

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        guard field.number <= 6, field.wire != .fixed32 else { return try reader.skip(field) }
        if field.wire == .bytes {
            let text = try reader.bytes(field)
            while texts.count < field.number { texts.append(nil) }
            texts[field.number - 1] = text
        } else {
            let word = try reader.word(field)
            while words.count < field.number { words.append(nil) }
            words[field.number - 1] = word
        }
    }
}

/// Holds the statistics of one column.
struct StoredStatistics: ProtobufMessage {
    enum Kind: Int {
        case integers = 2
        case floats, texts, buckets, decimals, dates, binary, timestamps
    }

    /// Counts the values that are not NULL.
    var valueCount: Int?
    var kind: Kind?
    var bounds = StoredBounds()
    var hasNull: Bool?

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: valueCount = try reader.count(field)
        case 2...9:
            kind = Kind(rawValue: field.number)
            bounds = try reader.message(field)
        case 10: hasNull = try reader.word(field) != 0
        default: try reader.skip(field)
        }
    }
}
