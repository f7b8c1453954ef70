// PROPERTIES of tables: a row each. What means something is kept to; what concerns clusters alone, or
// has become obsolete, is accepted, and a warning says that it is passed over.

import StarlingErrors
import StarlingStorage
import StarlingSyntax

/// Knows what StarRocks lets tables say.
enum TableProperties {
    /// What is kept to. A name that ends in a dot stands for all that begin so.
    static let kept = [
        "snapshot_retention", "partition_live_number", "partition_ttl",
        "partition_retention_condition", "dynamic_partition.", "flat_json.enable",
        "flat_json.null.factor", "flat_json.sparsity.factor", "flat_json.column.max",
        "compression",
    ]

    /// What is kept to of the partitions of a table, by how it begins.
    static let ofPartitions = [
        "partition_live_number", "partition_ttl", "partition_retention_condition",
        "dynamic_partition.",
    ]

    /// What one machine has no use for.
    static let passedOver = [
        "replication_num", "default.replication_num", "storage_medium",
        "default.storage_medium", "storage_cooldown_time", "storage_cooldown_ttl",
        "colocate_with", "bucket_size", "write_quorum", "replicated_storage",
        "default.replicated_storage", "enable_persistent_index", "persistent_index_type",
        "unique_constraints", "foreign_key_constraints", "fast_schema_evolution",
        "light_schema_change", "in_memory", "storage_format", "storage_type", "storage_policy",
        "storage_volume", "default.storage_volume", "datacache.",
        "enable_change_data_capture", "enable_async_write_back", "primary_index_cache_expire_sec",
        "binlog_enable", "binlog_ttl_second", "binlog_max_size", "bucket_seq_bound",
        "labels.location", "mutable_bucket_num", "base_compaction_forbidden_time_ranges",
        "file_bundling", "cloud_native_fast_schema_evolution_v2", "mv_version_map", "version_info",
        "enable_load_profile", "tablet_type", "time_drift_constraint", "query_rewrite_consistency",
        "bloom_filter_fpp", "function_column.", "short_key", "compact_window",
        "lake_compaction_max_parallel", "table_query_timeout", "dynamic_partition.buckets",
        "dynamic_partition.replication_num", "store_type",
    ]

    /// Returns warnings about properties, in their order.
    static func warnings(_ properties: [Property], kept more: [String] = []) -> [String] {
        var ignored: [String] = []
        var warnings: [String] = []
        for property in properties {
            let name = property.key.lowercased()
            let isIdleCodec =
                name == "compression" && !property.value.lowercased().hasPrefix("zstd")
            if passedOver.contains(name) || isIdleCodec {
                ignored.append(name)
            } else if matches(name, kept + more) {
                continue
            } else if matches(name, passedOver) {
                ignored.append(name)
            } else {
                let near = nearestName(to: name, among: kept + more + passedOver)
                warnings.append(
                    "the property '\(property.key)' is not known and does nothing"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
        }
        if !ignored.isEmpty {
            var known: Set<String> = []
            ignored.removeAll { !known.insert($0).inserted }
            let names = ignored.map { "'\($0)'" }.joined(separator: ", ")
            warnings.insert(
                "on one machine \(ignored.count == 1 ? "this property does" : "these properties do") "
                    + "nothing: \(names)", at: 0)
        }
        return warnings
    }

    private static func matches(_ name: String, _ known: [String]) -> Bool {
        known.contains { $0.hasSuffix(".") ? name.hasPrefix($0) : name == $0 }
    }
}

extension StatementRunner {
    /// Warns of what does nothing of a new table.
    func checkProperties(of table: CreateTable) {
        guard !session.isRestoring else { return }
        let ofPartitions = table.listedPartitions.compactMap(\.head).flatMap(\.properties)
        checkProperties(table.properties + table.brokerProperties + ofPartitions, of: table)
        for index in table.indexes { warnOfProperties(of: index) }
        warnOfRollups(table)
    }

    /// Warns of properties of a table that do nothing.
    func checkProperties(_ properties: [Property], of table: CreateTable) {
        guard !session.isRestoring else { return }
        session.warnings += TableProperties.warnings(
            properties, kept: ["bloom_filter_columns", AnalyzedTexts.property])
        if let retention = properties.first(where: { $0.key.lowercased() == "snapshot_retention" }),
            let count = SnapshotRetention.count(in: retention.value),
            count > SnapshotRetention.countMax
        {
            session.warnings.append(
                "of no table more than \(SnapshotRetention.countMax) snapshots are kept, so "
                    + "'\(retention.value)' are as many")
        }
        guard table.partitioning == nil else { return warnOfIdle(properties, of: table) }
        let idle = properties.map { $0.key.lowercased() }.filter { name in
            TableProperties.ofPartitions.contains { name.hasPrefix($0) }
        }
        guard !idle.isEmpty, table.property("dynamic_partition.enable") != "false" else { return }
        session.warnings.append(
            "the table has no partitions, so these properties do nothing: "
                + idle.map { "'\($0)'" }.joined(separator: ", "))
    }

    /// Warns of properties that make partitions of a RANGE, where there is none.
    private func warnOfIdle(_ properties: [Property], of table: CreateTable) {
        if case .range = table.partitioning { return }
        let idle = properties.map { $0.key.lowercased() }.filter {
            $0.hasPrefix("dynamic_partition.")
        }
        guard !idle.isEmpty, table.property("dynamic_partition.enable") != "false" else { return }
        session.warnings.append(
            "only a table that is partitioned BY RANGE makes partitions by the clock, so these "
                + "properties do nothing: " + idle.map { "'\($0)'" }.joined(separator: ", "))
    }

    /// Warns of properties of partitions, none of which does anything.
    func checkPartitionProperties(_ properties: [Property]) {
        guard !session.isRestoring, !properties.isEmpty else { return }
        session.warnings += TableProperties.warnings(properties)
    }
}
