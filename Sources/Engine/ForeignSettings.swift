// Variables of StarRocks and MySQL that clients set as a matter of course and that mean nothing
// here. Names that are in this list are never taken for misspelt ones.

/// Lists variables that are accepted and have no effect.
enum ForeignSettings {
    static let names: Set<String> = [
        "auto_increment_increment", "autocommit", "catalog", "character_set_client",
        "character_set_connection", "character_set_database", "character_set_results",
        "character_set_server", "collation_connection", "collation_database", "collation_server",
        "connector_io_tasks_per_scan_operator", "connector_sink_target_max_file_size",
        "disable_colocate_join", "disable_join_reorder", "enable_adaptive_sink_dop",
        "enable_async_profile", "enable_connector_adaptive_io_tasks", "enable_file_metacache",
        "enable_global_runtime_filter", "enable_groupby_use_output_alias",
        "enable_hive_column_stats", "enable_local_shuffle_agg",
        "enable_materialized_view_rewrite", "enable_optimizer_trace_log", "enable_pipeline_engine",
        "enable_profile", "enable_query_cache", "enable_query_dump", "enable_scan_datacache",
        "enable_sort_aggregate", "enable_spill", "enable_strict_type",
        "enable_tablet_internal_parallel", "enable_vectorized_engine", "event_scheduler",
        "exec_mem_limit", "force_streaming_aggregate", "foreign_key_checks", "forward_to_leader",
        "init_connect", "insert_max_filter_ratio", "insert_timeout", "interactive_timeout",
        "io_tasks_per_scan_operator", "load_mem_limit", "load_timeout", "lock_wait_timeout",
        "log_rejected_record_num", "lower_case_table_names", "materialized_view_rewrite_mode",
        "max_allowed_packet", "max_pushdown_conditions_per_column", "max_scan_key_num",
        "net_buffer_length", "net_read_timeout", "net_write_timeout", "new_planner_agg_stage",
        "new_planner_optimize_timeout", "parallel_exchange_instance_num",
        "parallel_fragment_exec_instance_num", "partial_update_mode", "prefer_compute_node",
        "query_cache_size", "query_cache_type", "query_delivery_timeout",
        "query_excluding_mv_names", "query_including_mv_names", "query_queue_timeout",
        "resource_group", "runtime_join_filter_push_down_limit",
        "runtime_profile_report_interval", "spill_mode", "sql_auto_is_null", "sql_dialect",
        "sql_notes", "sql_quote_show_create", "sql_safe_updates", "sql_select_limit",
        "statistic_collect_parallel", "storage_engine", "streaming_preaggregation_mode",
        "system_time_zone", "transaction_isolation", "transaction_read_only", "tx_isolation",
        "tx_read_only", "tx_visible_wait_timeout", "unique_checks", "wait_timeout", "warehouse",
    ]
}
