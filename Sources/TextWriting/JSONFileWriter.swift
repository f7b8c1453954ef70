// JSON as a row of the formats that can be written: a record a line, or all of them in one array.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTypes
import StarlingVectors

package struct JSONFileWriter: FileWriter {
    package static let name = "json"
    package static let fileExtensions = ["json", "jsonl", "ndjson"]

    package static let options: [WriteOption] = [
        WriteOption("array", "whether the records stand in one array"),
        WriteOption("compression", aliases: ["codec"], "none, gzip or zstd"),
    ]

    /// For each column, its name in quotes with a colon behind, and a comma before all but the first.
    private let keys: [[UInt8]]
    private let types: [LogicalType]
    private let isArray: Bool
    private let compression: TextCompression

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        types = rows.columns.map(\.type)
        keys = rows.columns.enumerated().map { index, column in
            var key: [UInt8] = index == 0 ? [] : [UInt8(ascii: ",")]
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
        var text: [UInt8] = []
        var rowCount = 0
        for chunk in chunks {
            let fields = zip(chunk.columns, types).map { FieldText($0, $1) }
            for row in 0..<chunk.count {
                if isArray, rowCount > 0 { text += Array(",\n".utf8) }
                rowCount += 1
                text.append(UInt8(ascii: "{"))
                for (key, field) in zip(keys, fields) {
                    text += key
                    field.appendJSON(row, to: &text)
                }
                text.append(UInt8(ascii: "}"))
                if !isArray { text.append(10) }
            }
        }
        return EncodedText(rowCount: rowCount, bytes: try compression.compress(text))
    }

    package func begin(
        _ file: any WritableFile
    ) throws(StarlingError) -> any FileAssembler<EncodedText> {
        guard isArray else { return try TextAssembler(file, header: []) }
        return try TextAssembler(
            file, header: compression.compress(Array("[\n".utf8)),
            separator: compression.compress(Array(",\n".utf8)),
            footer: compression.compress(Array("\n]\n".utf8)))
    }
}
