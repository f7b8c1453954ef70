// information_schema.materialized_views.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingViews

extension SystemTable {
    static let materializedViews = SystemTable(
        name: "materialized_views",
        columns: [
            ("MATERIALIZED_VIEW_ID", .bigint), ("TABLE_SCHEMA", .string),
            ("TABLE_NAME", .string), ("REFRESH_TYPE", .string), ("REFRESH_MODE", .string),
            ("IS_ACTIVE", .string), ("INACTIVE_REASON", .string), ("MAINTENANCE", .string),
            ("LAST_REFRESH_START_TIME", .datetime), ("LAST_REFRESH_FINISHED_TIME", .datetime),
            ("LAST_REFRESH_DURATION", .double), ("LAST_REFRESH_DETAIL", .string),
            ("TABLE_ROWS", .bigint), ("MATERIALIZED_VIEW_DEFINITION", .string),
            ("OPERATORS", .string), ("TARGET_TABLE", .string), ("PARTITION_TYPE", .string),
            ("TASK_NAME", .string), ("LAST_REFRESH_STATE", .string),
            ("LAST_REFRESH_ERROR_MESSAGE", .string), ("QUERY_REWRITE_STATUS", .string),
            ("QUERY_REWRITE_STATUS_REASON", .string),
            ("BASE_TABLE_REFRESH_VERSIONS", .string), ("COMMENT", .string),
            ("RETAINED", .string), ("LATE_ROWS", .bigint),
        ]
    ) { runner throws(StarlingError) in
        var rows: [[Value]] = []
        for (name, view) in runner.contents.materializedViews {
            guard let state = view.state as? ViewState, let entry = runner.contents.entry(name),
                case .table(let table) = entry.content
            else { continue }
            let record = state.record
            let start = try runner.localTime(record.refreshStart)
            let end = try runner.localTime(record.refreshEnd)
            let seconds = Double(record.refreshEnd - record.refreshStart) / 1e6
            func text(_ text: String) -> Value { text.isEmpty ? .null : .text(text) }
            let definition = view.definition
            var row: [Value] = [.integer(Int128(rows.count + 1)), text(name.database)]
            row += [text(entry.name), text(definition.refreshType)]
            row += [text(definition.refreshMode), text(state.isActive ? "true" : "false")]
            row.append(text(record.inactiveReason))
            row.append(text(runner.maintenance(of: view, state)))
            row += [start, end, start.isNull ? .null : .floating(seconds)]
            row.append(text(record.refreshNote))
            let count = Int128(table.statistics.rowCount)
            row.append(record.mark.isEmpty ? .integer(count) : .null)
            row.append(text(definition.plain(as: name).statementText))
            row.append(text(runner.operators(of: view, state).joined(separator: "; ")))
            row.append(text(view.target.map { "\($0.database).\($0.name)" } ?? ""))
            row.append(text(entry.partitionType))
            row.append(text(definition.isSynchronous ? "" : "mv-\(entry.name)"))
            let run = runner.session.database.refreshes.last(of: name)
            row += [text(run?.state.rawValue ?? ""), text(run?.error?.message ?? "")]
            let refusal = runner.rewriteRefusal(name, view)
            row += [text(refusal == nil ? "VALID" : "INVALID"), text(refusal ?? "")]
            let versions = record.bases.map { "\($0.table) \($0.version)" }
            row += [text(versions.joined(separator: "; ")), text(definition.comment ?? "")]
            let retention = runner.retention(of: view, state)
            row += [
                text(retention?.text ?? ""),
                retention.map { .integer(Int128($0.late)) } ?? .null,
            ]
            rows.append(row)
        }
        return rows
    }
}

extension CatalogEntry {
    /// How the rows of a view are cut, in StarRocks' words.
    fileprivate var partitionType: String {
        guard case .table(let table as NativeTable) = content, let set = table.partitions else {
            return "UNPARTITIONED"
        }
        return set.keys.count == 1 && set.keys[0].type.isTemporal ? "RANGE" : "LIST"
    }
}
