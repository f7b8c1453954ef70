// The properties of FILES() that concern JSON.

import StarlingErrors
import StarlingFormats
import StarlingStreams
import StarlingTypes

/// Holds what the user has decided; nil where the file decides.
struct JSONOptions: Sendable {
    static let names = [
        "columns", "schema", "types", "records", "strip_outer_array", "compression", "max_errors",
        "auto_detect_types", "auto_detect_sample_rows", "auto_detect_sample_files",
    ]

    /// Names and types of all columns: the keys that are read.
    var columns: [StructureField]?
    /// Types of some columns, by name.
    var types: [StructureField] = []
    /// False where each record is one value of type JSON.
    var hasColumns: Bool?
    var compression: Compression?
    var detectsTypes = true
    var sampleRowCount = 20_480
    var errorCountMax = 0
    var fillsMismatches = false
    let report: FileReport

    init(_ options: FileOptions) throws(StarlingError) {
        report = options.report
        fillsMismatches = try options.fillsMismatches()
        if let text = options.text("columns") ?? options.text("schema") {
            columns = try Self.fields(text)
        }
        if let text = options.text("types") { types = try Self.fields(text) }
        hasColumns = try options.flag("records")
        detectsTypes = try options.flag("auto_detect_types") ?? true
        if let count = try options.count("auto_detect_sample_rows") {
            sampleRowCount = max(1, count)
        }
        errorCountMax = try options.count("max_errors") ?? 0
        if let name = options.text("compression"), name != "auto" {
            guard let known = Compression(rawValue: name.lowercased()) else {
                throw StarlingError(
                    .binding, "the compression '\(name)' is unknown; known are none, gzip, zstd")
            }
            compression = known
        }
    }

    private static func fields(_ text: String) throws(StarlingError) -> [StructureField] {
        guard case .structure(let fields) = try LogicalType(name: "struct<\(text)>") else {
            throw StarlingError(.binding, "'\(text)' is no list of columns: 'a INT, b STRING'")
        }
        for field in fields where field.type.isNested || field.type == .time {
            throw StarlingError(
                .unsupported,
                "column \(field.name): JSON can't be read as \(field.type) yet; read it as JSON")
        }
        return fields
    }
}
