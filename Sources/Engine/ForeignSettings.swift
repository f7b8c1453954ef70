// Variables of StarRocks and MySQL that clients set as a matter of course and that mean nothing
// here. Names that are in these lists are never taken for misspelt ones.

import StarlingErrors

/// Lists variables that are accepted and have no effect.
enum ForeignSettings {
    /// Throws for a name that neither StarRocks nor MySQL can mean. StarRocks gets more variables
    /// with each version: a name that begins with a word of theirs is taken for one of them, unless
    /// it looks like a misspelt one.
    static func check(_ name: String, at place: TextRange) throws(StarlingError) {
        let lowered = name.lowercased()
        if names.contains(lowered) { return }
        let near = nearestName(to: name, among: Settings.known.map(\.name) + names)
        if near == nil, let word = firstWord(of: lowered), families.contains(word) { return }
        throw StarlingError(
            .binding,
            "there is no variable '\(name)'; "
                + (near.map { "did you mean '\($0)'?" } ?? "SHOW VARIABLES lists them"),
            at: place)
    }

    private static let families = Set(
        names.union(Settings.known.map(\.name)).compactMap(firstWord))

    /// Gives what stands before the first underscore; nil for a name without one.
    private static func firstWord(of name: String) -> Substring? {
        name.firstIndex(of: "_").map { name[..<$0] }
    }

    /// Gives what a variable stands at that nobody set; nil for a name that is in no list.
    static func defaultValue(_ name: String) -> String? {
        ForeignDefaults.values[name] ?? (otherNames.contains(name) ? "" : nil)
    }

    static let names = otherNames.union(ForeignDefaults.values.keys)

    /// Those whose defaults no page tells.
    private static let otherNames: Set<String> = [
        "cbo_cte_reuse_rate", "cbo_enable_dp_join_reorder", "cbo_enable_greedy_join_reorder",
        "cbo_max_reorder_node", "cbo_push_down_aggregate_mode", "cbo_use_correlated_join_estimate",
        "cngroup_resource_usage_fresh_ratio", "default_rowset_type",
        "disable_function_fold_constants", "div_precision_increment", "enable_async_profile",
        "enable_groupby_use_output_alias", "enable_hive_column_stats",
        "enable_iceberg_metadata_cache", "enable_local_shuffle_agg",
        "enable_optimize_skew_join_v1", "enable_optimize_skew_join_v2",
        "enable_optimizer_trace_log", "enable_query_dump", "enable_recursive_cte",
        "enable_ukfk_opt", "exec_mem_limit", "foreign_key_checks", "language", "load_timeout",
        "lock_wait_timeout", "new_planner_agg_stage", "profiling", "query_delivery_timeout",
        "query_queue_timeout", "recursive_cte_finalize_timeout",
        "resource_group", "skip_local_disk_cache",
        "spill_encode_level", "spill_mem_table_size", "spill_operator_min_bytes",
        "spill_revocable_max_bytes", "sql_notes", "sql_quote_show_create", "timestamp",
        "trace_log_level", "transaction_visible_wait_timeout", "tx_visible_wait_timeout",
        "unique_checks", "use_page_cache", "warehouse",
    ]
}
