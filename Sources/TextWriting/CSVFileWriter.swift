// CSV as a row of the formats that can be written: quotes only where they are needed. NULL is
// nothing (or the text that the user names), and an empty string is "" — so that both come back.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import StarlingTypes
import StarlingVectors

package struct CSVFileWriter: FileWriter {
    package static let name = "csv"

    package static let options: [WriteOption] = [
        WriteOption(
            "column_separator", aliases: ["delim", "sep", "delimiter"],
            "what stands between fields; a comma"),
        WriteOption(
            "row_delimiter", aliases: ["line_delimiter", "new_line"], "what ends rows; a newline"),
        WriteOption("enclose", aliases: ["quote"], "the character around fields that need it"),
        WriteOption("header", aliases: ["include_header"], "whether the first row has the names"),
        WriteOption("nullstr", aliases: ["null"], "what stands for NULL; nothing"),
        WriteOption("force_quote", "whether all values are quoted"),
        WriteOption("compression", aliases: ["codec"], "none, gzip or zstd"),
    ]

    package static func options(
        meantByEnds ends: [String]
    ) -> [(name: String, value: String)] {
        TextCompression.options(meantByEnds: ends)
            + (ends.contains("tsv") ? [("column_separator", "\\t")] : [])
    }

    private let columns: [(name: String, type: LogicalType)]
    private let separator: [UInt8]
    private let newline: [UInt8]
    private let quote: UInt8
    let nullText: [UInt8]
    /// The bytes with which separators begin.
    private let separatorStart: UInt8
    private let newlineStart: UInt8
    private let quotesAll: Bool
    private let hasHeader: Bool
    private let compression: TextCompression

    package init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        columns = rows.columns.map { ($0.name, $0.type) }
        separator = Self.bytes(options.text("column_separator") ?? ",")
        newline = Self.bytes(options.text("row_delimiter") ?? "\n")
        let quotes = Self.bytes(options.text("enclose") ?? "\"")
        guard quotes.count == 1, !separator.isEmpty, !newline.isEmpty else {
            throw options.wrong(
                "enclose", "'enclose' is one character; separators of fields and rows are not empty"
            )
        }
        quote = quotes[0]
        separatorStart = separator[0]
        newlineStart = newline[0]
        let nullText = Array((options.text("nullstr") ?? "").utf8)
        // A row of one NULL is not a blank line, which readers skip.
        self.nullText =
            nullText.isEmpty && rows.columns.count == 1 ? Array("\\N".utf8) : nullText
        quotesAll = try options.flag("force_quote") ?? false
        hasHeader = try options.flag("header") ?? true
        compression = try TextCompression(options)
        let clashes = [separator[0], newline[0]].contains(quote) || separator == newline
        if clashes {
            throw options.wrong("column_separator", "quotes and separators have to be different")
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
        let text = TextBuffer(capacity: 1 << 20)
        let rows = RowAssembly(
            prefixes: columns.indices.map { $0 == 0 ? [] : separator }, end: newline)
        var rowCount = 0
        for chunk in chunks {
            rowCount += chunk.count
            let rendered = zip(chunk.columns, columns).map { RenderedColumn($0, $1.type, self) }
            rows.append(rendered, rowCount: chunk.count, to: text)
        }
        return EncodedText(rowCount: rowCount, text: try compression.compress(text))
    }

    private func needsQuotes(_ field: ArraySlice<UInt8>) -> Bool {
        if field.isEmpty || field.elementsEqual(nullText) || field.elementsEqual("\\N".utf8) {
            return true
        }
        if field.first == 32 || field.last == 32 || field.last == 13 { return true }
        for byte in field
        where byte == quote || byte == separatorStart || byte == newlineStart || byte == 10
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
            file, compression, header: header.isEmpty ? nil : compression.compress(header))
    }
}

extension CSVFileWriter: TextForm {
    func quote(ofNumbers type: LogicalType) -> UInt8? { quotesAll ? quote : nil }

    /// Dates have no quotes unless a separator could be part of them.
    var quoteOfDates: UInt8? { quotesAll || datesNeedQuotes ? quote : nil }

    private var datesNeedQuotes: Bool {
        let parts = Array("0123456789-".utf8)
        return parts.contains(separatorStart) || parts.contains(newlineStart)
            || parts.contains(quote)
            || nullText.count == 10
    }

    var quoteOfTexts: UInt8? { quotesAll ? quote : nil }

    @inline(__always)
    func suspects(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        (block .== SIMD16(repeating: quote)) .| (block .== SIMD16(repeating: separatorStart))
            .| (block .== SIMD16(repeating: newlineStart)) .| (block .== SIMD16(repeating: 10))
            .| (block .== SIMD16(repeating: 13))
            .| (block .== SIMD16(repeating: UInt8(ascii: "\\")))
    }

    @inline(__always)
    func isPlain(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        count > 0 && text[0] != 32 && text[count - 1] != 32
            && (nullText.isEmpty || count != nullText.count)
    }

    func append(_ field: FieldText, _ row: Int, to text: inout [UInt8]) {
        let start = text.count
        field.append(row, to: &text)
        if quotesAll || (field.mayNeedQuotes && needsQuotes(text[start...])) {
            quoteFrom(start, &text)
        }
    }
}
