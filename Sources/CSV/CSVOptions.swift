// The properties of FILES() that concern CSV. Names are StarRocks' where it has them, else DuckDB's.

import StarlingErrors
import StarlingFields
import StarlingFormats
import StarlingStreams
import StarlingTypes

/// Holds what the user has decided; nil where the file decides.
struct CSVOptions: Sendable {
    static let names = [
        "csv.column_separator", "csv.row_delimiter", "csv.enclose", "csv.escape",
        "csv.skip_header", "csv.trim_space", "csv.comment", "delim", "sep", "quote", "escape",
        "new_line", "comment", "header", "skip", "nullstr", "dateformat", "timestampformat",
        "columns", "schema", "types", "encoding", "compression", "max_errors", "null_padding",
        "auto_detect_types", "auto_detect_sample_rows", "auto_detect_sample_files", "all_varchar",
    ]

    var separator: [UInt8]?
    var newline: [UInt8]?
    /// `.some(nil)`: no character quotes.
    var quote: UInt8??
    var escape: UInt8??
    var trimsSpace = false
    var comment: UInt8?
    var header: Bool?
    /// Lines that are skipped before anything else.
    var skip: Int?
    var nullTexts: [[UInt8]]?
    /// The forms of dates and datetimes that the user names.
    var forms: [NamedForm] = []
    /// Names and types of all columns, in their order.
    var columns: [StructureField]?
    /// Types of some columns, by name.
    var types: [StructureField] = []
    var encoding: TextEncoding?
    var compression: Compression?
    var detectsTypes = true
    var sampleRowCount = 20_480
    var padsWithNulls = false
    /// Records that may be left out before reading fails.
    var errorCountMax = 0
    var fillsMismatches = false
    let report: FileReport

    init(_ options: FileOptions) throws(StarlingError) {
        report = options.report
        fillsMismatches = try options.fillsMismatches()
        separator = try Self.bytes(
            options, ["csv.column_separator", "delim", "sep"], countMax: 50)
        newline = try Self.bytes(options, ["csv.row_delimiter", "new_line"], countMax: 50)
        quote = try Self.character(options, ["csv.enclose", "quote"])
        escape = try Self.character(options, ["csv.escape", "escape"])
        comment = try Self.character(options, ["csv.comment", "comment"]) ?? nil
        trimsSpace = try options.flag("csv.trim_space") ?? false
        header = try options.flag("header")
        skip = try options.count("skip")
        nullTexts = options.text("nullstr").map { [Array($0.utf8)] }
        for (name, type) in [("timestampformat", LogicalType.datetime), ("dateformat", .date)] {
            guard let pattern = options.text(name) else { continue }
            guard let form = NamedForm(type, pattern) else {
                throw options.wrong(
                    name,
                    "'\(name)' is made of fields such as %Y, %m, %d, %H, %M and %S, as "
                        + "'%d.%m.%Y'; not '\(pattern)'")
            }
            forms.append(form)
        }
        columns = try options.columns("columns")
        if columns == nil { columns = try options.columns("schema") }
        if let lines = try options.count("csv.skip_header") {
            // The last line that is skipped is a header, and its names are better than none.
            let givesNames = lines > 0 && header == nil && columns == nil
            skip = (skip ?? 0) + (givesNames ? lines - 1 : lines)
            if header == nil { header = givesNames }
        }
        types = try options.columns("types") ?? []
        if let name = options.text("encoding") {
            guard let known = TextEncoding(name: name) else {
                throw options.wrong(
                    "encoding",
                    "the encoding '\(name)' is unknown; known are "
                        + TextEncoding.allCases.map(\.rawValue).joined(separator: ", "))
            }
            encoding = known
        }
        if let name = options.text("compression"), name != "auto" {
            guard let known = Compression(rawValue: name.lowercased()) else {
                throw options.wrong(
                    "compression",
                    "the compression '\(name)' is unknown; known are none, gzip, zstd")
            }
            compression = known
        }
        detectsTypes = try options.flag("auto_detect_types") ?? true
        if try options.flag("all_varchar") == true { detectsTypes = false }
        if let count = try options.count("auto_detect_sample_rows") {
            sampleRowCount = max(1, count)
        }
        padsWithNulls = try options.flag("null_padding") ?? false
        errorCountMax = try options.count("max_errors") ?? 0
    }

    private static func bytes(
        _ options: FileOptions, _ names: [String], countMax: Int
    ) throws(StarlingError) -> [UInt8]? {
        for name in names {
            guard let text = options.text(name) else { continue }
            let bytes = unescaped(Array(text.utf8))
            guard (1...countMax).contains(bytes.count) else {
                throw options.wrong(
                    name, "the property '\(name)' of FILES has 1 to \(countMax) bytes")
            }
            return bytes
        }
        return nil
    }

    private static func character(
        _ options: FileOptions, _ names: [String]
    ) throws(StarlingError) -> UInt8?? {
        for name in names {
            guard let text = options.text(name) else { continue }
            let bytes = unescaped(Array(text.utf8))
            guard bytes.count <= 1, bytes.first.map({ $0 < 0x80 }) ?? true else {
                throw options.wrong(
                    name, "the property '\(name)' of FILES is one ASCII character, or empty")
            }
            return .some(bytes.first)
        }
        return nil
    }

    /// Reads `\t`, `\n`, `\r`, `\x01` and Hive's `\001` as the characters that they stand for.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 1, bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[(index + 1)...]
            guard bytes[index] == UInt8(ascii: "\\"), let next = rest.first else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 2
            switch next {
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "x"), UInt8(ascii: "0"):
                let digits = rest.dropFirst().prefix(2)
                let radix = next == UInt8(ascii: "x") ? 16 : 8
                if let code = UInt8(String(decoding: digits, as: UTF8.self), radix: radix) {
                    result.append(code)
                    index += digits.count
                } else {
                    result += [UInt8(ascii: "\\"), next]
                }
            default: result.append(next)
            }
        }
        return result
    }
}
