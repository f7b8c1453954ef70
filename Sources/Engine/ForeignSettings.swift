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

    /// What clients ask for when they connect, with what holds here or what MySQL says.
    static let defaults: [String: String] = [
        "auto_increment_increment": "1", "autocommit": "1", "character_set_client": "utf8mb4",
        "default_storage_engine": "OLAP", "have_profiling": "NO", "hostname": "localhost",
        "performance_schema": "0", "port": "0", "socket": "",
        "character_set_connection": "utf8mb4", "character_set_database": "utf8mb4",
        "character_set_results": "utf8mb4", "character_set_server": "utf8mb4",
        "collation_connection": "utf8mb4_bin", "collation_database": "utf8mb4_bin",
        "collation_server": "utf8mb4_bin", "init_connect": "", "interactive_timeout": "28800",
        "license": "Apache-2.0", "lower_case_table_names": "1", "max_allowed_packet": "33554432",
        "net_buffer_length": "16384", "net_read_timeout": "60", "net_write_timeout": "60",
        "query_cache_size": "0", "query_cache_type": "0", "sql_auto_is_null": "0",
        "sql_safe_updates": "0", "system_time_zone": "UTC",
        "transaction_isolation": "REPEATABLE-READ", "transaction_read_only": "0",
        "tx_isolation": "REPEATABLE-READ", "tx_read_only": "0", "wait_timeout": "28800",
    ]

    static let names: Set<String> = [
        "activate_all_roles_on_login", "auto_increment_increment", "autocommit",
        "big_query_profile_threshold", "catalog", "cbo_cte_reuse", "cbo_cte_reuse_rate",
        "cbo_decimal_cast_string_strict", "cbo_enable_dp_join_reorder",
        "cbo_enable_greedy_join_reorder", "cbo_enable_low_cardinality_optimize", "cbo_eq_base_type",
        "cbo_json_v2_dict_opt", "cbo_json_v2_rewrite",
        "cbo_materialized_view_rewrite_related_mvs_limit", "cbo_max_reorder_node",
        "cbo_max_reorder_node_use_dp", "cbo_max_reorder_node_use_exhaustive", "cbo_prune_subfield",
        "cbo_push_down_aggregate_mode", "cbo_use_correlated_join_estimate", "character_set_client",
        "character_set_connection", "character_set_database", "character_set_results",
        "character_set_server", "chunk_size", "cngroup_resource_usage_fresh_ratio",
        "collation_connection", "collation_database", "collation_server",
        "connector_io_tasks_per_scan_operator", "connector_sink_target_max_file_size",
        "count_distinct_column_buckets", "custom_query_id", "datacache_sharing_work_period",
        "default_rowset_type", "default_table_compression", "disable_colocate_join",
        "disable_function_fold_constants", "disable_join_reorder",
        "disable_streaming_preaggregations", "div_precision_increment", "dynamic_overwrite",
        "enable_adaptive_sink_dop", "enable_async_profile", "enable_bucket_aware_execution_on_lake",
        "enable_cbo_based_mv_rewrite", "enable_connector_adaptive_io_tasks",
        "enable_datacache_async_populate_mode", "enable_datacache_io_adaptor",
        "enable_datacache_sharing", "enable_distinct_column_bucketization", "enable_file_metacache",
        "enable_file_pagecache", "enable_force_rule_based_mv_rewrite",
        "enable_global_runtime_filter", "enable_group_by_compressed_key", "enable_group_execution",
        "enable_group_level_query_queue", "enable_groupby_use_output_alias",
        "enable_hive_column_stats", "enable_iceberg_column_statistics",
        "enable_iceberg_metadata_cache", "enable_insert_partial_update",
        "enable_lake_tablet_internal_parallel", "enable_local_shuffle_agg",
        "enable_materialized_view_agg_pushdown_rewrite", "enable_materialized_view_for_insert",
        "enable_materialized_view_plan_cache",
        "enable_materialized_view_text_match_rewrite", "enable_materialized_view_union_rewrite",
        "enable_metadata_profile", "enable_multicolumn_global_runtime_filter",
        "enable_optimize_skew_join_v1", "enable_optimize_skew_join_v2",
        "enable_optimizer_trace_log", "enable_parallel_merge", "enable_parquet_reader_bloom_filter",
        "enable_parquet_reader_page_index", "enable_per_bucket_optimize", "enable_pipeline_engine",
        "enable_plan_advisor", "enable_plan_analyzer", "enable_profile", "enable_query_cache",
        "enable_query_dump", "enable_query_queue_load", "enable_query_queue_select",
        "enable_query_queue_statistic", "enable_query_tablet_affinity",
        "enable_query_trigger_analyze", "enable_recursive_cte",
        "enable_rule_based_materialized_view_rewrite", "enable_scan_datacache",
        "enable_short_circuit", "enable_sort_aggregate", "enable_spill",
        "enable_spill_to_remote_storage", "enable_spm_rewrite", "enable_strict_order_by",
        "enable_strict_type", "enable_sync_materialized_view_rewrite",
        "enable_tablet_internal_parallel", "enable_ukfk_opt", "enable_vectorized_engine",
        "enable_view_based_mv_rewrite", "enable_write_hive_external_table", "event_scheduler",
        "exec_mem_limit", "follower_query_forward_mode", "force_streaming_aggregate",
        "foreign_key_checks", "forward_to_leader", "forward_to_master",
        "group_execution_max_groups", "group_execution_min_scan_rows",
        "hash_join_push_down_right_table", "historical_nodes_min_update_interval", "init_connect",
        "insert_max_filter_ratio", "insert_timeout", "interactive_timeout",
        "interpolate_passthrough", "io_tasks_per_scan_operator", "jit_level",
        "lake_bucket_assign_mode", "language", "license", "load_mem_limit", "load_timeout",
        "lock_wait_timeout", "log_rejected_record_num", "low_cardinality_optimize_on_lake",
        "lower_case_table_names",
        "materialized_view_subuqery_text_match_max_count", "max_allowed_packet",
        "max_pushdown_conditions_per_column", "max_scan_key_num", "max_unknown_string_meta_length",
        "metadata_collect_query_timeout", "net_buffer_length", "net_read_timeout",
        "net_write_timeout", "new_planner_agg_stage", "new_planner_optimize_timeout",
        "optimizer_materialized_view_timelimit", "parallel_exchange_instance_num",
        "parallel_fragment_exec_instance_num", "partial_update_mode", "plan_mode",
        "populate_datacache_mode", "prefer_compute_node", "profiling", "query_cache_size",
        "query_cache_type",
        "query_delivery_timeout", "query_excluding_mv_names", "query_including_mv_names",
        "query_queue_timeout", "range_pruner_max_predicate", "recursive_cte_finalize_timeout",
        "recursive_cte_throw_limit_exception", "resource_group", "runtime_filter_on_exchange_node",
        "runtime_join_filter_push_down_limit", "runtime_profile_report_interval",
        "skip_local_disk_cache", "spill_encode_level", "spill_mem_table_size", "spill_mode",
        "spill_operator_min_bytes", "spill_revocable_max_bytes", "spill_storage_volume",
        "sql_auto_is_null", "sql_dialect", "sql_notes", "sql_quote_show_create", "sql_safe_updates",
        "sql_select_limit", "statistic_collect_parallel", "storage_engine",
        "streaming_preaggregation_mode", "system_time_zone", "tablet_internal_parallel_mode",
        "timestamp",
        "trace_log_level", "transaction_isolation", "transaction_read_only",
        "transaction_visible_wait_timeout", "tx_isolation", "tx_read_only",
        "tx_visible_wait_timeout", "unique_checks", "use_compute_nodes", "use_page_cache",
        "wait_timeout", "warehouse",
    ]
}
