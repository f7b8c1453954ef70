// Names of StarRocks that stand for parts of a cluster, and what a single machine leaves out with them.

import StarlingErrors

/// Says why something of StarRocks is not there.
package enum ForeignNames {
    /// Says what a column of StarRocks tells that no table here has; nil for other names.
    package static func note(onColumn name: String) -> String? {
        switch name.lowercased() {
        case "_tablet_id_", "_rowset_id_", "_segment_id_", "_rss_id_", "_dynamic_rssid_",
            "_row_id_", "_source_id_":
            "; it tells where a row lies among the tablets and nodes of a cluster, of which one "
                + "machine has none"
        case "__op": "; MERGE inserts, updates and deletes in one statement"
        default: nil
        }
    }

    /// Says what tells the same as a table of StarRocks' information_schema; nil for other names.
    package static func note(onSystemTable name: String) -> String? {
        let name = name.lowercased()
        if name.hasPrefix("be_") || name.hasPrefix("fe_") || name.hasPrefix("warehouse_") {
            return "; it tells of the machines of a cluster, and here tables and partitions_meta "
                + "tell of what is stored"
        }
        switch name {
        case "analyze_status": return "; SHOW STATS META tells what ANALYZE TABLE found"
        case "column_stats_usage":
            return "; SHOW COLUMN STATS FROM t tells what is known of columns"
        case "table_bookmarks": return "; SHOW SNAPSHOTS FROM t lists the versions of a table"
        case "running_transactions", "recyclebin_catalogs":
            return "; SHOW SNAPSHOTS FROM t lists what commits made of a table"
        case "pipes", "pipe_files", "routine_load_jobs", "stream_loads", "load_tracking_logs":
            return "; loads has the INSERTs that bore a label, and a materialized view over files "
                + "takes those along that come"
        case "materialized_view_refresh_jobs", "materialized_view_task_run_details":
            return "; task_runs has the refreshes of materialized views"
        default: return nil
        }
    }
}
