// CSV as a row of the formats that can be written: quotes only where they are needed. NULL is
// nothing (or the text that the user names), and an empty string is "" — so that both come back.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTypes
import StarlingVectors

package struct CSVFileWriter: FileWriter {
    package static let name = "csv"
    package static let fileExtensions = ["csv", "tsv"]

    package static let options: [WriteOption] = [
        WriteOption(
            "column_separator", aliases: ["delim", "sep", "delimiter"],
            "what stands between fields; a comma"),
        WriteOption("row_delimiter", aliases: ["new_line"], "what ends rows; a newline"),
        WriteOption("enclose", aliases: ["quote"], "the character around fields that need it"),
        WriteOption("header", aliases: ["include_header"], "whether the first row has the names"),
        WriteOption("nullstr", aliases: ["null"], "what stands for NULL; nothing"),
        WriteOption("force_quote", "whether all values are quoted"),
        WriteOption("compression", aliases: ["codec"], "none, gzip or zstd"),
    ]

    private let columns: [(name: String, type: LogicalType)]
    private let separator: [UInt8]
    private let newline: [UInt8]
    private let quote: UInt8
    private let nullText: [UInt8]
    private let quotesAll: Bool
    private let hasHeader: Bool
    private let compression: TextCompression

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        columns = rows.columns.map { ($0.name, $0.type) }
        separator = Self.bytes(options.text("column_separator") ?? ",")
        newline = Self.bytes(options.text("row_delimiter") ?? "\n")
        let quotes = Self.bytes(options.text("enclose") ?? "\"")
        guard quotes.count == 1, !separator.isEmpty, !newline.isEmpty else {
            throw StarlingError(
                .binding, "'enclose' is one character; separators of fields and rows are not empty")
        }
        quote = quotes[0]
        nullText = Array((options.text("nullstr") ?? "").utf8)
        quotesAll = try options.flag("force_quote") ?? false
        hasHeader = try options.flag("header") ?? true
        compression = try TextCompression(options)
        let clashes = [separator[0], newline[0]].contains(quote) || separator == newline
        if clashes {
            throw StarlingError(.binding, "quotes and separators have to be different")
        }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        switch text {
        case "\\t": [9]
        case "\\n": [10]
        case "\\r\\n": [13, 10]
        default: Array(text.utf8)
        }
    }

    package var fileExtension: String { "csv" + compression.fileExtension }
    package var blockRowCount: Int { 16 * chunkCapacity }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedText {
        var text: [UInt8] = []
        var rowCount = 0
        for chunk in chunks {
            rowCount += chunk.count
            text.reserveCapacity(text.count + chunk.count * columns.count * 8)
            let fields = zip(chunk.columns, columns).map { FieldText($0, $1.type) }
            for row in 0..<chunk.count {
                for (index, field) in fields.enumerated() {
                    if index > 0 { text += separator }
                    append(field, row, to: &text)
                }
                // A row of one NULL is not a blank line, which readers skip.
                if columns.count == 1, !fields[0].isValid(row), nullText.isEmpty {
                    text += Array("\\N".utf8)
                }
                text += newline
            }
        }
        return EncodedText(rowCount: rowCount, bytes: try compression.compress(text))
    }

    private func append(_ field: FieldText, _ row: Int, to text: inout [UInt8]) {
        guard field.isValid(row) else {
            text += nullText
            return
        }
        let start = text.count
        field.append(row, to: &text)
        if quotesAll || (field.mayNeedQuotes && needsQuotes(text[start...])) {
            quoteFrom(start, &text)
        }
    }

    private func needsQuotes(_ field: ArraySlice<UInt8>) -> Bool {
        if field.isEmpty || field.elementsEqual(nullText) || field.elementsEqual("\\N".utf8) {
            return true
        }
        if field.first == 32 || field.last == 32 || field.last == 13 { return true }
        for byte in field
        where byte == quote || byte == separator[0] || byte == newline[0] || byte == 10
            || byte == 13 || byte == UInt8(ascii: "\\")
        {
            return true
        }
        return false
    }

    private func quoteFrom(_ start: Int, _ text: inout [UInt8]) {
        let content = Array(text[start...])
        text.removeSubrange(start...)
        text.append(quote)
        for byte in content {
            if byte == quote { text.append(quote) }
            text.append(byte)
        }
        text.append(quote)
    }

    package func begin(
        _ file: any WritableFile
    ) throws(StarlingError) -> any FileAssembler<EncodedText> {
        var header: [UInt8] = []
        if hasHeader {
            for (index, column) in columns.enumerated() {
                if index > 0 { header += separator }
                let start = header.count
                header += Array(column.name.utf8)
                if quotesAll || needsQuotes(header[start...]) { quoteFrom(start, &header) }
            }
            header += newline
        }
        return try TextAssembler(
            file, header: header.isEmpty ? [] : compression.compress(header))
    }
}
