// information_schema.materialized_views.

import StarlingCatalog
import StarlingErrors
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
            ("OPERATORS", .string), ("TARGET_TABLE", .string),
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
            rows.append(row)
        }
        return rows
    }
}
