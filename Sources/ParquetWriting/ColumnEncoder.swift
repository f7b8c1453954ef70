// Encodes one column of a row group: with a dictionary as long as values repeat enough, else
// plain; in pages of some twenty thousand rows.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds the encoded bytes of a column chunk and what the footer says of it.
struct EncodedColumn: Sendable {
    var bytes: [UInt8] = []
    /// Offsets from the beginning of the chunk.
    var dictionaryPageOffset: Int?
    var dataPageOffset = 0
    var uncompressedByteCount = 0
    var valueCount = 0
    var nullCount = 0
    var distinctCount: Int?
    var low: [UInt8]?
    var high: [UInt8]?
}

/// Encodes the vectors of a column.
struct ColumnEncoder {
    static let pageRowCount = 20_480
    /// A dictionary that grows beyond this is given up.
    private static let dictionaryByteCountMaximum = 1 << 20

    private let name: String
    private let type: ParquetType
    private let isNullable: Bool
    private let compressor: PageCompressor
    private var result = EncodedColumn()

    init(name: String, _ type: ParquetType, isNullable: Bool, _ compressor: PageCompressor) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.compressor = compressor
    }

    mutating func encode(_ vectors: [Vector]) throws(StarlingError) -> EncodedColumn {
        let values = PlainValues(vectors, type)
        result.valueCount = values.rowCount
        result.nullCount = values.rowCount - values.count
        guard isNullable || result.nullCount == 0 else {
            throw StarlingError(.data, "column '\(name)' is NOT NULL and has a NULL")
        }
        (result.low, result.high) = values.bounds
        if let dictionary = values.dictionary(byteCountMaximum: Self.dictionaryByteCountMaximum) {
            result.distinctCount = dictionary.count
            try writeDictionaryPage(dictionary)
            try writeDataPages(values) { range in
                let width = HybridEncoder.bitWidth(for: max(0, dictionary.count - 1))
                return [UInt8(width)]
                    + HybridEncoder(Array(dictionary.codes[range]), bitWidth: width).bytes
            }
        } else {
            result.dataPageOffset = 0
            try writeDataPages(values) { values.plainBytes($0) }
        }
        return result
    }

    private mutating func append(
        _ page: [UInt8], header body: (inout ThriftWriter) -> Void, kind: Int
    ) throws(StarlingError) {
        let compressed = try compressor.compress(page)
        var header = ThriftWriter()
        header.writeStructure { writer in
            writer.write(1, int32: kind)
            writer.write(2, int32: page.count)
            writer.write(3, int32: compressed.count)
            body(&writer)
        }
        result.bytes += header.bytes
        result.bytes += compressed
        result.uncompressedByteCount += header.bytes.count + page.count
    }

    private mutating func writeDictionaryPage(
        _ dictionary: PlainValues.Dictionary
    ) throws(StarlingError) {
        result.dictionaryPageOffset = 0
        try append(
            dictionary.bytes,
            header: { writer in
                writer.write(7) { page in
                    page.write(1, int32: dictionary.count)
                    page.write(2, int32: Encoding.plain)
                }
            }, kind: 2)
        result.dataPageOffset = result.bytes.count
    }

    /// `encoded` gives the bytes of a range of the values that are not NULL.
    private mutating func writeDataPages(
        _ values: PlainValues, _ encoded: (Range<Int>) -> [UInt8]
    ) throws(StarlingError) {
        let encoding = result.dictionaryPageOffset == nil ? Encoding.plain : Encoding.dictionary
        var row = 0
        var value = 0
        repeat {
            let rows = row..<min(values.rowCount, row + Self.pageRowCount)
            var page: [UInt8] = []
            var validCount = rows.count
            if isNullable {
                let levels = values.levels(rows)
                validCount = levels.reduce(0) { $0 + Int($1) }
                let bytes = HybridEncoder(levels, bitWidth: 1).bytes
                withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { page += Array($0) }
                page += bytes
            }
            page += encoded(value..<(value + validCount))
            try append(
                page,
                header: { writer in
                    writer.write(5) { header in
                        header.write(1, int32: rows.count)
                        header.write(2, int32: encoding)
                        header.write(3, int32: Encoding.levels)
                        header.write(4, int32: Encoding.levels)
                    }
                }, kind: 0)
            row = rows.upperBound
            value += validCount
        } while row < values.rowCount
    }
}

/// Numbers encodings as the format does.
enum Encoding {
    static let plain = 0
    static let levels = 3
    static let dictionary = 8
}
