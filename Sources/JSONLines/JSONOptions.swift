// The properties of FILES() that concern JSON.

import StarlingErrors
import StarlingFormats
import StarlingMemory
import StarlingStreams
import StarlingTypes

/// Holds what the user has decided; nil where the file decides.
struct JSONOptions: Sendable {
    static let names = [
        "columns", "schema", "types", "records", "strip_outer_array", "compression", "max_errors",
        "auto_detect_types", "auto_detect_sample_rows", "auto_detect_sample_files",
        "maximum_depth", "json.maximum_depth",
    ]

    /// Names and types of all columns: the keys that are read.
    var columns: [StructureField]?
    /// Types of some columns, by name.
    var types: [StructureField] = []
    /// False where each record is one value of type JSON.
    var hasColumns: Bool?
    var compression: Compression?
    var detectsTypes = true
    /// The records that are looked at however long they are; nil for those of the sample.
    var sampleRowCount: Int?
    /// What a sample counts against that is larger than usual.
    let budget: MemoryBudget
    /// Levels of objects and arrays that become columns and types; deeper values are JSON.
    var levelCount = ShapeDetection.levelCountMax
    var errorCountMax = 0
    var fillsMismatches = false
    let report: FileReport

    init(_ options: FileOptions) throws(StarlingError) {
        report = options.report
        budget = options.budget
        fillsMismatches = try options.fillsMismatches()
        columns = try Self.fields(options, "columns")
        if columns == nil { columns = try Self.fields(options, "schema") }
        types = try Self.fields(options, "types") ?? []
        hasColumns = try options.flag("records")
        detectsTypes = try options.flag("auto_detect_types") ?? true
        if let count = try options.count("auto_detect_sample_rows") {
            sampleRowCount = max(1, count)
        }
        for name in ["maximum_depth", "json.maximum_depth"] where options.text(name) != "-1" {
            guard let count = try options.count(name) else { continue }
            levelCount = min(count, ShapeDetection.levelCountMax)
        }
        errorCountMax = try options.count("max_errors") ?? 0
        if let name = options.text("compression"), name != "auto" {
            guard let known = Compression(rawValue: name.lowercased()) else {
                throw options.wrong(
                    "compression",
                    "the compression '\(name)' is unknown; known are none, gzip, zstd")
            }
            compression = known
        }
    }

    private static func fields(
        _ options: FileOptions, _ name: String
    ) throws(StarlingError) -> [StructureField]? {
        let fields = try options.columns(name)
        do throws(StarlingError) {
            for field in fields ?? [] { try check(field.type, of: field.name) }
        } catch {
            throw error.about(.value(of: name))
        }
        return fields
    }

    private static func check(_ type: LogicalType, of name: String) throws(StarlingError) {
        switch type {
        case .array(let element): try check(element, of: name)
        case .structure(let fields):
            for field in fields { try check(field.type, of: "\(name).\(field.name)") }
        case .map(let key, let value):
            if key.isNested || key == .json {
                throw StarlingError(
                    .unsupported, "\(name): keys of JSON's objects are texts and no \(key)")
            }
            try check(key, of: name)
            try check(value, of: name)
        case .null:
            throw StarlingError(
                .unsupported, "\(name): JSON can't be read as \(type); read it as VARCHAR")
        default: break
        }
    }
}
