// JSON as a row of the formats that can be written: a record a line, or all of them in one array.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import StarlingTypes
import StarlingVectors

package struct JSONFileWriter: FileWriter {
    package static let name = "json"

    package static let options: [WriteOption] = [
        WriteOption("array", "whether the records stand in one array"),
        WriteOption("compression", aliases: ["codec"], "none, gzip or zstd"),
    ]

    package static func options(
        meantByEnds ends: [String]
    ) -> [(name: String, value: String)] { TextCompression.options(meantByEnds: ends) }

    /// For each column, its name in quotes with a colon behind, and before it a comma or, of the
    /// first one, what opens a record.
    private let keys: [[UInt8]]
    private let types: [LogicalType]
    private let isArray: Bool
    private let compression: TextCompression

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        types = rows.columns.map(\.type)
        keys = rows.columns.enumerated().map { index, column in
            var key: [UInt8] = [UInt8(ascii: index == 0 ? "{" : ",")]
            appendJSONString(Array(column.name.utf8), to: &key)
            return key + [UInt8(ascii: ":")]
        }
        isArray = try options.flag("array") ?? false
        compression = try TextCompression(options)
    }

    package var fileExtension: String {
        (isArray ? "json" : "jsonl") + compression.fileExtension
    }

    package var blockRowCount: Int { 16 * chunkCapacity }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedText {
        let text = TextBuffer(capacity: 1 << 20)
        let end = Array((isArray ? "},\n" : "}\n").utf8)
        let rows = RowAssembly(prefixes: keys, end: end)
        var rowCount = 0
        for chunk in chunks {
            rowCount += chunk.count
            let rendered = zip(chunk.columns, types).map { RenderedColumn($0, $1, self) }
            rows.append(rendered, rowCount: chunk.count, to: text)
        }
        // What follows the last record of an array is not known here.
        if isArray, rowCount > 0 { text.end(at: text.start + (text.count - 2)) }
        return EncodedText(rowCount: rowCount, text: try compression.compress(text))
    }

    package func begin(
        _ file: any WritableFile
    ) throws(StarlingError) -> any FileAssembler<EncodedText> {
        guard isArray else { return try TextAssembler(file, compression, header: nil) }
        return try TextAssembler(
            file, compression, header: compression.compress(Array("[\n".utf8)),
            separator: compression.compress(Array(",\n".utf8)),
            footer: compression.compress(Array("\n]\n".utf8)))
    }
}

extension JSONFileWriter: TextForm {
    var nullText: [UInt8] { Self.null }
    private static let null = Array("null".utf8)

    func quote(ofNumbers type: LogicalType) -> UInt8? { nil }
    var quoteOfDates: UInt8? { UInt8(ascii: "\"") }
    var quoteOfTexts: UInt8? { UInt8(ascii: "\"") }

    /// Finds what has to be escaped, and bytes of other characters than ASCII's, which are checked.
    @inline(__always)
    func suspects(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        (block .< SIMD16(repeating: 0x20)) .| (block .>= SIMD16(repeating: 0x80))
            .| (block .== SIMD16(repeating: UInt8(ascii: "\"")))
            .| (block .== SIMD16(repeating: UInt8(ascii: "\\")))
    }

    @inline(__always)
    func isPlain(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool { true }

    func append(_ field: FieldText, _ row: Int, to text: inout [UInt8]) {
        field.appendJSON(row, to: &text)
    }
}
