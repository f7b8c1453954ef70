// What SHOW reads of information_schema: a query for each subject, under the names that MySQL's
// clients look for.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingTypes

/// Writes the queries behind SHOW.
enum ShownQueries {
    /// Returns the query of a subject over a database; nil where the subject has another source.
    static func text(of subject: String, in database: String) -> String? {
        let name = database.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''")
        let here = "TABLE_SCHEMA = '\(name)'"
        switch subject {
        case "DATABASES", "SCHEMAS":
            return "SELECT SCHEMA_NAME AS `Database` FROM \(schema).schemata ORDER BY 1"
        case "TABLES":
            return "SELECT TABLE_NAME AS `Tables_in_\(quoted(database))` FROM \(schema).tables "
                + "WHERE \(here) ORDER BY 1"
        case "FULL TABLES":
            return "SELECT TABLE_NAME AS `Tables_in_\(quoted(database))`, "
                + "TABLE_TYPE AS Table_type FROM \(schema).tables WHERE \(here) ORDER BY 1"
        case "VIEWS":
            return "SELECT TABLE_NAME AS `Views_in_\(quoted(database))` FROM \(schema).views "
                + "WHERE \(here) ORDER BY 1"
        case "MATERIALIZED VIEWS":
            return "SELECT TABLE_NAME AS name, TABLE_SCHEMA AS database_name, "
                + "REFRESH_TYPE AS refresh_type, PARTITION_TYPE AS partition_type, "
                + "TASK_NAME AS task_name, IS_ACTIVE AS is_active, "
                + "INACTIVE_REASON AS inactive_reason, MAINTENANCE AS maintenance, "
                + "LAST_REFRESH_START_TIME AS last_refresh_start_time, "
                + "LAST_REFRESH_FINISHED_TIME AS last_refresh_finished_time, "
                + "LAST_REFRESH_DURATION AS last_refresh_duration, "
                + "LAST_REFRESH_STATE AS last_refresh_state, "
                + "LAST_REFRESH_ERROR_MESSAGE AS last_refresh_error_message, "
                + "LAST_REFRESH_DETAIL AS last_refresh_detail, TABLE_ROWS AS `rows`, "
                + "QUERY_REWRITE_STATUS AS query_rewrite_status, "
                + "RETAINED AS retained, LATE_ROWS AS late_rows, "
                + "MATERIALIZED_VIEW_DEFINITION AS text "
                + "FROM \(schema).materialized_views WHERE \(here) ORDER BY 1"
        case "TABLE STATUS":
            return "SELECT TABLE_NAME AS Name, ENGINE AS Engine, VERSION AS Version, "
                + "ROW_FORMAT AS Row_format, TABLE_ROWS AS Rows, "
                + "AVG_ROW_LENGTH AS Avg_row_length, DATA_LENGTH AS Data_length, "
                + "MAX_DATA_LENGTH AS Max_data_length, INDEX_LENGTH AS Index_length, "
                + "DATA_FREE AS Data_free, AUTO_INCREMENT AS Auto_increment, "
                + "CREATE_TIME AS Create_time, UPDATE_TIME AS Update_time, "
                + "CHECK_TIME AS Check_time, TABLE_COLLATION AS `Collation`, "
                + "`CHECKSUM` AS `Checksum`, CREATE_OPTIONS AS Create_options, "
                + "TABLE_COMMENT AS `Comment` FROM \(schema).tables WHERE \(here) ORDER BY 1"
        case "VARIABLES", "GLOBAL VARIABLES", "SESSION VARIABLES", "LOCAL VARIABLES":
            return "SELECT VARIABLE_NAME AS Variable_name, VARIABLE_VALUE AS Value "
                + "FROM \(schema).session_variables ORDER BY 1"
        case "FUNCTIONS", "BUILTIN FUNCTIONS", "FULL BUILTIN FUNCTIONS", "FULL FUNCTIONS":
            return "SELECT FUNCTION_NAME AS `Function`, FUNCTION_KIND AS Kind, "
                + "SUMMARY AS Summary FROM \(schema).functions ORDER BY 1"
        case "GLOBAL FUNCTIONS", "FULL GLOBAL FUNCTIONS":
            return "SELECT FUNCTION_NAME AS `Function`, FUNCTION_KIND AS Kind, "
                + "SUMMARY AS Summary FROM \(schema).functions "
                + "WHERE SUMMARY LIKE 'CREATE GLOBAL %' ORDER BY 1"
        case "DATA":
            return "SELECT coalesce(TABLE_NAME, 'Total') AS TableName, "
                + "format_bytes(sum(DATA_LENGTH)) AS `Size`, 1 AS ReplicaCount "
                + "FROM \(schema).tables WHERE \(here) AND TABLE_TYPE = 'BASE TABLE' "
                + "GROUP BY GROUPING SETS ((TABLE_NAME), ()) "
                + "ORDER BY grouping(TABLE_NAME), TABLE_NAME"
        case "LOAD":
            return "SELECT JOB_ID AS JobId, `LABEL` AS `Label`, STATE AS State, "
                + "PROGRESS AS Progress, `TYPE` AS `Type`, ERROR_MSG AS ErrorMsg, "
                + "CREATE_TIME AS CreateTime, LOAD_START_TIME AS LoadStartTime, "
                + "LOAD_FINISH_TIME AS LoadFinishTime "
                + "FROM \(schema).loads WHERE DATABASE_NAME = '\(name)' ORDER BY 1"
        default: return client(subject) ?? done(subject)
        }
    }

    /// What StarRocks does in the background and a statement here has done when it returns: nothing
    /// of it is ever under way.
    private static func done(_ subject: String) -> String? {
        let columns: String
        switch subject {
        case "DELETE": columns = "TableName PartitionName CreateTime DeleteCondition State"
        case "ALTER TABLE COLUMN":
            columns = "JobId TableName CreateTime FinishTime IndexName State Msg Progress"
        case "ALTER TABLE OPTIMIZE":
            columns = "JobId TableName CreateTime FinishTime Operation State Msg Progress"
        case "ALTER TABLE ROLLUP", "ALTER MATERIALIZED VIEW":
            columns =
                "JobId TableName CreateTime FinishedTime BaseIndexName RollupIndexName State Msg "
                + "Progress"
        default: return nil
        }
        let items = columns.split(separator: " ").map { "'' AS `\($0)`" }
        return "SELECT \(items.joined(separator: ", ")) FROM \(schema).schemata WHERE FALSE"
    }

    /// What clients ask of any server when they connect.
    private static func client(_ subject: String) -> String? {
        switch subject {
        case "CHARACTER SET", "CHARSET":
            return "SELECT CHARACTER_SET_NAME AS `Charset`, DESCRIPTION AS Description, "
                + "DEFAULT_COLLATE_NAME AS `Default collation`, MAXLEN AS Maxlen "
                + "FROM \(schema).character_sets"
        case "COLLATION":
            return "SELECT COLLATION_NAME AS `Collation`, CHARACTER_SET_NAME AS `Charset`, "
                + "ID AS Id, IS_DEFAULT AS `Default`, IS_COMPILED AS Compiled, "
                + "SORTLEN AS Sortlen FROM \(schema).collations"
        case "ENGINES":
            return "SELECT ENGINE AS Engine, SUPPORT AS Support, `COMMENT` AS `Comment`, "
                + "TRANSACTIONS AS Transactions, XA, SAVEPOINTS AS Savepoints "
                + "FROM \(schema).engines"
        case "CATALOGS":
            return "SELECT '\(Catalog.defaultCatalog)' AS `Catalog`, 'Internal' AS Type, "
                + "'The database that is open' AS `Comment`"
        case "PROCESSLIST", "FULL PROCESSLIST":
            return "SELECT connection_id() AS Id, 'root' AS `User`, '' AS Host, "
                + "database() AS Db, 'Query' AS Command, 0 AS `Time`, '' AS State, "
                + "'SHOW PROCESSLIST' AS Info"
        case "INDEX", "INDEXES", "KEY", "KEYS":
            return "SELECT TABLE_NAME AS `Table`, NON_UNIQUE AS Non_unique, "
                + "INDEX_NAME AS Key_name, SEQ_IN_INDEX AS Seq_in_index, "
                + "COLUMN_NAME AS Column_name, `COLLATION` AS `Collation`, "
                + "CARDINALITY AS Cardinality, SUB_PART AS Sub_part, PACKED AS Packed, "
                + "NULLABLE AS `Null`, INDEX_TYPE AS Index_type, `COMMENT` AS `Comment` "
                + "FROM \(schema).statistics"
        case "TRIGGERS":
            return "SELECT TRIGGER_NAME AS `Trigger`, EVENT_MANIPULATION AS Event, "
                + "EVENT_OBJECT_TABLE AS `Table`, ACTION_STATEMENT AS Statement, "
                + "ACTION_TIMING AS Timing, CREATED AS Created, SQL_MODE AS sql_mode, "
                + "DEFINER AS Definer FROM \(schema).triggers"
        case "EVENTS":
            return "SELECT EVENT_SCHEMA AS Db, EVENT_NAME AS Name, DEFINER AS Definer, "
                + "TIME_ZONE AS `Time zone`, EVENT_TYPE AS Type, STATUS AS Status "
                + "FROM \(schema).events"
        case "GRANTS":
            return "SELECT GRANTEE AS UserIdentity, PRIVILEGE_TYPE AS Grants "
                + "FROM \(schema).user_privileges"
        case "PLUGINS":
            return "SELECT PLUGIN_NAME AS Name, PLUGIN_STATUS AS Status, PLUGIN_TYPE AS Type, "
                + "NULL AS Library, PLUGIN_LICENSE AS License FROM \(schema).plugins"
        case "PRIVILEGES":
            return "SELECT PRIVILEGE_TYPE AS Privilege, GRANTEE AS Context, "
                + "IS_GRANTABLE AS `Comment` FROM \(schema).user_privileges"
        case "PROCEDURE STATUS", "FUNCTION STATUS", "OPEN TABLES", "ERRORS":
            return "SELECT EVENT_SCHEMA AS Db, EVENT_NAME AS Name FROM \(schema).events"
        case "COUNT(*) WARNINGS":
            return "SELECT @@warning_count AS `@@session.warning_count`"
        case "COUNT(*) ERRORS": return "SELECT @@error_count AS `@@session.error_count`"
        case "STATUS", "GLOBAL STATUS", "SESSION STATUS":
            return "SELECT VARIABLE_NAME AS Variable_name, VARIABLE_VALUE AS Value "
                + "FROM \(schema).session_variables WHERE FALSE"
        default: return nil
        }
    }

    private static let schema = Catalog.systemDatabase

    private static func quoted(_ name: String) -> String {
        name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``")
    }
}
