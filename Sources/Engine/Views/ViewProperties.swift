// PROPERTIES of materialized views: a row each. What means something is kept to; other properties of
// StarRocks are accepted, and a warning says that they do nothing.

import StarlingErrors
import StarlingSyntax

/// Knows what StarRocks lets materialized views say.
enum ViewProperties {
    private enum Kind {
        case choice([String])
        case seconds
        case tables
        case partitions
        /// Checked where the table that has the rows is laid out.
        case ofTable
    }

    /// What is said of the table that has the rows, and what the property is called there.
    static let ofTable = [
        "partition_ttl": "partition_ttl", "partition_ttl_number": "partition_live_number",
        "partition_retention_condition": "partition_retention_condition",
        "bloom_filter_columns": "bloom_filter_columns",
        AnalyzedTexts.property: AnalyzedTexts.property,
    ]

    /// The properties by which old partitions go.
    static let retention: Set = [
        "partition_ttl", "partition_ttl_number", "partition_retention_condition",
    ]

    /// What is kept to, with the values that it takes.
    private static let kept: [(name: String, kind: Kind)] =
        [
            ("refresh_mode", .choice(["auto", "incremental", "full"])),
            ("enable_query_rewrite", .choice(["true", "false", "default"])),
            ("query_rewrite_consistency", .choice(["checked", "loose", "disable"])),
            ("mv_rewrite_staleness_second", .seconds),
            ("excluded_trigger_tables", .tables),
            ("partition_refresh_number", .partitions),
            ("auto_refresh_partitions_limit", .partitions),
        ] + ofTable.keys.sorted().map { ($0, .ofTable) }

    private static let passedOver = [
        "partition_refresh_strategy", "excluded_refresh_tables",
        "force_external_table_query_rewrite",
        "transparent_mv_rewrite_mode", "unique_constraints", "foreign_key_constraints",
        "resource_group", "colocate_with", "storage_medium", "replication_num",
        "replicated_storage", "storage_cooldown_time",
    ]

    /// Checks properties and warns of what does nothing.
    static func check(_ properties: [Property], _ session: Session) throws(StarlingError) {
        for property in properties {
            let name = property.key.lowercased()
            if let row = kept.first(where: { $0.name == name }) {
                try check(property.value, row.kind, of: name)
            } else if let setting = property.sessionSetting, isKept(setting) {
                var scratch = Settings()
                do throws(StarlingError) {
                    try scratch.set(setting, to: property.value)
                } catch {
                    throw error.located(at: property.valueRange)
                }
            } else if passedOver.contains(name) || name.hasPrefix("session.") {
                session.warnings.append(
                    "the property '\(name)' of materialized views does nothing in this version")
            } else {
                let near = nearestName(to: name, among: kept.map(\.name) + passedOver)
                throw StarlingError(
                    .binding,
                    "materialized views have no property '\(property.key)'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""),
                    at: property.keyRange)
            }
        }
    }

    /// Tells whether refreshes run with a setting that the view chose.
    private static func isKept(_ setting: String) -> Bool {
        setting == "query_timeout" || StatementRunner.mechanical.contains(setting)
    }

    private static func check(
        _ value: String, _ kind: Kind, of name: String
    ) throws(StarlingError) {
        switch kind {
        case .choice(let values):
            guard !values.contains(value.lowercased()) else { return }
            throw StarlingError(
                .binding, "\(name) is \(values.joined(separator: " or ")), not '\(value)'",
                about: .value(of: name))
        case .seconds:
            guard Int(value).map({ $0 >= 0 }) != true else { return }
            throw StarlingError(
                .binding, "\(name) is a number of seconds, not '\(value)'",
                about: .value(of: name))
        case .partitions:
            guard Int(value).map({ $0 > 0 || $0 == -1 }) != true else { return }
            throw StarlingError(
                .binding, "\(name) is a count of partitions, or -1 for all, not '\(value)'",
                about: .value(of: name))
        case .tables, .ofTable: return
        }
    }
}

extension Property {
    /// The setting of a session that a property `session.…` chooses; nil for others.
    var sessionSetting: String? {
        let name = key.lowercased()
        return name.hasPrefix("session.") ? String(name.dropFirst("session.".count)) : nil
    }
}
