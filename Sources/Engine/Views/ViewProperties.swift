// PROPERTIES of materialized views: a row each. What means something is kept to; other properties of
// StarRocks are accepted, and a warning says that they do nothing.

import StarlingErrors
import StarlingSyntax

/// Knows what StarRocks lets materialized views say.
enum ViewProperties {
    /// What is kept to, with the values that it takes.
    private static let kept: [(name: String, values: [String])] = [
        ("refresh_mode", ["auto", "incremental", "full"]),
        ("enable_query_rewrite", ["true", "false", "default"]),
    ]

    private static let passedOver = [
        "partition_refresh_number", "partition_refresh_strategy", "auto_refresh_partitions_limit",
        "partition_ttl", "partition_ttl_number", "partition_retention_condition",
        "excluded_trigger_tables", "excluded_refresh_tables", "mv_rewrite_staleness_second",
        "query_rewrite_consistency", "force_external_table_query_rewrite",
        "transparent_mv_rewrite_mode", "unique_constraints", "foreign_key_constraints",
        "resource_group", "colocate_with", "storage_medium", "replication_num",
        "replicated_storage", "storage_cooldown_time", "session.query_timeout",
        "session.enable_spill",
    ]

    /// Checks properties and warns of what does nothing.
    static func check(_ properties: [Property], _ session: Session) throws(StarlingError) {
        for property in properties {
            let name = property.key.lowercased()
            if let row = kept.first(where: { $0.name == name }) {
                guard row.values.contains(property.value.lowercased()) else {
                    throw StarlingError(
                        .binding,
                        "\(name) is \(row.values.joined(separator: " or ")), not "
                            + "'\(property.value)'")
                }
            } else if passedOver.contains(name) || name.hasPrefix("session.") {
                session.warnings.append(
                    "the property '\(name)' of materialized views does nothing in this version")
            } else {
                let near = nearestName(to: name, among: kept.map(\.name) + passedOver)
                throw StarlingError(
                    .binding,
                    "materialized views have no property '\(property.key)'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
        }
    }
}
