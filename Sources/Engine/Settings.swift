// Settings that SET changes: a row each, with what it means and what it takes.

import StarlingErrors
import StarlingFunctions
import StarlingTypes
import StarlingVectors
import Synchronization

/// Describes a setting.
struct SettingDescription: Sendable {
    enum Kind: Sendable {
        case flag
        case integer(ClosedRange<Int>)
        case text
        case choice([String])
        case modes
        case zone
    }

    let name: String
    let kind: Kind
    let defaultValue: String
    let summary: String
}

/// Holds the values of one session.
struct Settings: Sendable {
    static let known: [SettingDescription] = [
        SettingDescription(
            name: "sql_mode", kind: .modes, defaultValue: "",
            summary: "ANSI_QUOTES: \"…\" quotes names. PIPES_AS_CONCAT: || joins texts. "
                + "ERROR_IF_OVERFLOW: numbers that overflow in decimals and casts are errors and "
                + "not NULL. ALLOW_THROW_EXCEPTION: so is whatever a cast cannot convert."),
        SettingDescription(
            name: "group_concat_max_len", kind: .integer(0...Int(Int32.max)), defaultValue: "0",
            summary: "Characters that group_concat() gives at most; 0 is all, where StarRocks cuts "
                + "after 1024."),
        SettingDescription(
            name: "enable_insert_strict", kind: .flag, defaultValue: "true",
            summary: "On: INSERT of a value that its column cannot hold is an error. "
                + "Off: the value becomes NULL, with a warning."),
        SettingDescription(
            name: "dynamic_overwrite", kind: .flag, defaultValue: "false",
            summary:
                "On: INSERT OVERWRITE of a table with partitions replaces those that rows come "
                + "to. Off: it replaces all rows."),
        SettingDescription(
            name: "enable_insert_partial_update", kind: .flag, defaultValue: "true",
            summary:
                "On: INSERT of some columns into a PRIMARY KEY table leaves the others of rows "
                + "that are there as they are. Off: they get their DEFAULT."),
        SettingDescription(
            name: "partial_update_mode", kind: .choice(["auto", "row", "column"]),
            defaultValue: "auto", summary: "Says how StarRocks stores partial updates; no effect."),
        SettingDescription(
            name: "commit_durability", kind: .choice(["full", "relaxed"]), defaultValue: "full",
            summary: "full: a statement returns when what it changed survives a loss of power. "
                + "relaxed: it survives the process, and later the loss of power."),
        SettingDescription(
            name: "enable_automatic_compaction", kind: .flag, defaultValue: "true",
            summary: "Lets the database pack in the background what a statement leaves behind."),
        SettingDescription(
            name: "query_mem_limit", kind: .integer(0...Int.max), defaultValue: "0",
            summary: "Bytes that a query may hold before it spills; 0 is the process's limit."),
        SettingDescription(
            name: "sql_select_limit", kind: .integer(0...Int.max), defaultValue: "\(Int.max)",
            summary: "Rows that a query without LIMIT gives at most."),
        SettingDescription(
            name: "query_timeout", kind: .integer(0...1_000_000), defaultValue: "0",
            summary: "Seconds after which a query is cancelled; 0 is never."),
        SettingDescription(
            name: "pipeline_dop", kind: .integer(0...1_024), defaultValue: "0",
            summary: "Threads of a query; 0 is all that the database has."),
        SettingDescription(
            name: "batch_size", kind: .integer(1...chunkCapacity), defaultValue: "\(chunkCapacity)",
            summary: "Rows of a chunk; smaller ones are for tests."),
        SettingDescription(
            name: "force_spill", kind: .flag, defaultValue: "false",
            summary: "Lets sorts, joins and aggregations spill at once; for tests."),
        SettingDescription(
            name: "enable_optimizer", kind: .flag, defaultValue: "true",
            summary: "Off: plans run as they are written; for tests."),
        SettingDescription(
            name: "enable_runtime_filters", kind: .flag, defaultValue: "true",
            summary: "Lets joins filter the scans of their other side."),
        SettingDescription(
            name: "enable_gin_filter", kind: .flag, defaultValue: "true",
            summary: "Lets scans ask the indexes of columns (GIN, BITMAP, NGRAMBF). Off: all rows "
                + "are read; for tests."),
        SettingDescription(
            name: "enable_materialized_view_rewrite", kind: .flag, defaultValue: "true",
            summary: "Lets queries read materialized views that have what they compute."),
        SettingDescription(
            name: "enable_sync_materialized_view_rewrite", kind: .flag, defaultValue: "true",
            summary: "Lets queries read those of them that are kept in each commit, too."),
        SettingDescription(
            name: "enable_materialized_view_for_insert", kind: .flag, defaultValue: "false",
            summary: "Lets what is written come from materialized views as of their last refresh, "
                + "where their owner lets queries read them so."),
        SettingDescription(
            name: "query_including_mv_names", kind: .text, defaultValue: "",
            summary:
                "Materialized views, separated by commas; where some are named, queries read no "
                + "others instead of what they name."),
        SettingDescription(
            name: "query_excluding_mv_names", kind: .text, defaultValue: "",
            summary: "Materialized views that queries do not read instead of what they name."),
        SettingDescription(
            name: "materialized_view_rewrite_mode", kind: .choice(["default", "force", "disable"]),
            defaultValue: "default",
            summary: "force: queries read a view and what has changed since its last refresh, even "
                + "if that is more than its tables have."),
        SettingDescription(
            name: "materialized_view_rewrite_retained", kind: .flag, defaultValue: "false",
            summary: "On: queries read views with the rows that these retain of dropped partitions "
                + "(RETAIN IN VIEWS). Off: only views that have none which the query would want."),
        SettingDescription(
            name: "verify_checksums", kind: .flag, defaultValue: "false",
            summary: "Compares pages of Parquet files with the checksums that they bear."),
        SettingDescription(
            name: "hash_zero", kind: .flag, defaultValue: "false",
            summary: "Gives every key the same hash; for tests."),
        SettingDescription(
            name: "time_zone", kind: .zone, defaultValue: "UTC",
            summary: "The zone of now() and of timestamps that are instants."),
        SettingDescription(
            name: "connector_sink_compression_codec", kind: .text, defaultValue: "",
            summary: "The compression of written files that name none; '' is the format's own."),
        SettingDescription(
            name: "recursive_cte_max_depth", kind: .integer(1...1_000_000),
            defaultValue: "10000", summary: "Rounds after which a recursion is an error."),
        SettingDescription(
            name: "recursive_cte_throw_limit_exception", kind: .flag, defaultValue: "true",
            summary: "Whether more rounds are an error; a recursion may also end with its rows."),
    ]

    private var values: [String: String] = [:]
    /// Settings of StarRocks that mean nothing here, accepted all the same.
    private(set) var ignored: [String: String] = [:]

    func value(_ name: String) -> String? {
        let name = name.lowercased()
        if let value = values[name] ?? ignored[name] { return value }
        return Self.known.first { $0.name == name }?.defaultValue
            ?? ForeignSettings.defaultValue(name)
    }

    static func isKnown(_ name: String) -> Bool {
        known.contains { $0.name == name.lowercased() }
    }

    /// The value that was set; nil where the default holds.
    func chosenValue(_ name: String) -> String? { values[name] }

    /// The value as SELECT @@name gives it: numbers and truth values are no texts.
    func typedValue(_ name: String) -> (value: Value, type: LogicalType)? {
        guard let text = value(name) else { return nil }
        switch Self.known.first(where: { $0.name == name.lowercased() })?.kind {
        case .flag: return (.boolean(text == "true"), .boolean)
        case .integer: return (Int128(text).map { .integer($0) } ?? .null, .bigint)
        case nil:
            if ["true", "false"].contains(text) { return (.boolean(text == "true"), .boolean) }
            guard let number = Int128(text) else { return (.text(text), .string) }
            return (.integer(number), .bigint)
        default: return (.text(text), .string)
        }
    }

    func flag(_ name: String) -> Bool { value(name) == "true" }
    func integer(_ name: String) -> Int { value(name).flatMap { Int($0) } ?? 0 }

    /// Changes a setting; nil sets it back.
    mutating func set(_ name: String, to value: String?) throws(StarlingError) {
        let name = name.lowercased()
        guard let description = Self.known.first(where: { $0.name == name }) else {
            ignored[name] = value
            return
        }
        guard let value else {
            values[name] = nil
            return
        }
        values[name] = try description.checked(value)
    }
}

extension SettingDescription {
    func checked(_ value: String) throws(StarlingError) -> String {
        switch kind {
        case .text: return value
        case .choice(let choices):
            guard choices.contains(value.lowercased()) else {
                throw StarlingError(
                    .binding, "\(name) is \(choices.joined(separator: " or ")), not '\(value)'")
            }
            return value.lowercased()
        case .modes:
            try SQLModes.check(value)
            return value
        case .zone:
            try ZoneDatabase.check(value)
            return value
        case .flag:
            switch value.lowercased() {
            case "true", "1", "on": return "true"
            case "false", "0", "off": return "false"
            default: throw StarlingError(.binding, "\(name) is true or false, not '\(value)'")
            }
        case .integer(let range):
            // Clients write the largest number of 64 bits for "all".
            guard let number = Int128(value).map({ Int(clamping: $0) }), range.contains(number)
            else {
                throw StarlingError(
                    .binding,
                    "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound), "
                        + "not '\(value)'")
            }
            return String(number)
        }
    }
}
