// The footer of a stripe: which streams there are, in the order in which they lie, how each column
// is encoded, and the time zone of the writer.

/// Describes one stream.
struct StreamMessage: ProtobufMessage {
    var kind: UInt64 = 0
    var column = 0
    var byteCount = 0

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: kind = try reader.word(field)
        case 2: column = try reader.count(field)
        case 3: byteCount = try reader.count(field)
        default: try reader.skip(field)
        }
    }
}

/// Says how the values of a column are encoded.
struct ColumnEncoding: ProtobufMessage {
    private var kind: UInt64 = 0
    var dictionaryValueCount = 0
    /// 1 where bloom filters are of the kind that is the same in all writers.
    var bloomKind: UInt64 = 0

    var isKnown: Bool { kind < 4 }
    var isDictionary: Bool { kind & 1 != 0 }
    /// True where integers are encoded in the second way.
    var isVersion2: Bool { kind >= 2 }

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: kind = try reader.word(field)
        case 2: dictionaryValueCount = try reader.count(field)
        case 3: bloomKind = try reader.word(field)
        default: try reader.skip(field)
        }
    }
}

private struct StripeFooterMessage: ProtobufMessage {
    var streams: [StreamMessage] = []
    var encodings: [ColumnEncoding] = []
    var timeZone = ""

    mutating func read(
        _ field: ProtobufReader.Field, from reader: inout ProtobufReader
    ) throws(ORCDamage) {
        switch field.number {
        case 1: streams.append(try reader.message(field))
        case 2: encodings.append(try reader.message(field))
        case 3: timeZone = try reader.text(field)
        default: try reader.skip(field)
        }
    }
}

/// Locates the streams of a stripe.
struct StripeFooter: Sendable {
    enum StreamKind: UInt64, Sendable {
        case present = 0
        case data = 1
        case length = 2
        case dictionaryData = 3
        case secondary = 5
        case rowIndex = 6
        case bloomFilter = 7
        case utf8BloomFilter = 8
    }

    struct Stream: Sendable {
        var kind: StreamKind
        /// The bytes in the file.
        var range: Range<Int>
    }

    let encodings: [ColumnEncoding]
    let timeZone: String
    /// For each column its streams.
    private var streams: [[Stream]]

    /// Lays out the streams of a stripe that begins at `offset`; they must end before `end`.
    init(
        _ reader: inout ProtobufReader, offset: Int, end: Int, columnCount: Int
    ) throws(ORCDamage) {
        let message: StripeFooterMessage = try reader.message()
        guard message.encodings.count >= columnCount else {
            throw ORCDamage("the stripe has less than the schema's columns")
        }
        encodings = message.encodings
        timeZone = message.timeZone
        streams = Array(repeating: [], count: columnCount)
        var next = offset
        for stream in message.streams {
            guard stream.byteCount <= end - next else {
                throw ORCDamage("a stream ends behind its stripe")
            }
            defer { next += stream.byteCount }
            // Streams of unknown kinds and of encrypted columns only take up room.
            guard let kind = StreamKind(rawValue: stream.kind), stream.column < columnCount else {
                continue
            }
            streams[stream.column].append(
                Stream(kind: kind, range: next..<(next + stream.byteCount)))
        }
    }

    /// Returns the bytes of a stream; nil where the column has none of that kind.
    func range(_ kind: StreamKind, ofColumn column: Int) -> Range<Int>? {
        streams[column].first { $0.kind == kind }?.range
    }

    /// Returns the bytes of all streams with data of a column.
    func dataRanges(ofColumn column: Int) -> [Range<Int>] {
        streams[column].filter {
            ![.rowIndex, .bloomFilter, .utf8BloomFilter].contains($0.kind)
        }.map(\.range)
    }
}
