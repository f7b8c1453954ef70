// information_schema.tasks and task_runs: which materialized views are refreshed when, and what their
// refreshes did since the database was opened; and loads, the INSERTs that bore a label.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingThreads
import StarlingTypes

extension SystemTable {
    static let tasks = SystemTable(
        name: "tasks",
        columns: [
            ("TASK_NAME", .string), ("SCHEDULE", .string), ("CATALOG", .string),
            ("DATABASE", .string), ("DEFINITION", .string), ("NEXT_RUN_TIME", .datetime),
            ("PROPERTIES", .string),
        ]
    ) { runner throws(StarlingError) in
        try mapAll(
            runner.contents.materializedViews.filter { !$0.view.definition.isSynchronous }
        ) { (name, view) throws(StarlingError) in
            let title = runner.contents.entry(name)?.name ?? name.name
            let next = runner.session.database.dueTime(name, view)
            let properties = view.definition.properties.map { "\($0.key)=\($0.value)" }
            return [
                .text("mv-\(title)"), .text(view.definition.scheduleText), catalogName,
                .text(name.database), .text(refreshStatement(name, title)),
                try runner.localTime(next),
                properties.isEmpty ? .null : .text(properties.joined(separator: ", ")),
            ]
        } + submitted(runner)
    }

    /// What SUBMIT TASK has made: by the clock, and to run once.
    private static func submitted(_ runner: StatementRunner) throws(StarlingError) -> [[Value]] {
        let database = runner.session.database
        let scheduled = runner.contents.tasks
        let known = Set(scheduled.map(\.name.folded))
        let once = database.tasks.runs.filter { !known.contains($0.name.folded) }
        return try mapAll(scheduled + once.map { (name: $0.name, task: $0.task) }) {
            (name, task) throws(StarlingError) in
            let properties = task.properties.map { "\($0.key)=\($0.value)" }
            return [
                .text(name.name),
                .text(
                    task.every.map { "START('\(task.start ?? "")') EVERY(\($0.sql()))" }
                        ?? "MANUAL"),
                catalogName, .text(name.database), .text(task.statement.sql()),
                try runner.localTime(database.dueTime(ofTask: name, task)),
                properties.isEmpty ? .null : .text(properties.joined(separator: ", ")),
            ]
        }
    }

    static let taskRuns = SystemTable(
        name: "task_runs",
        columns: [
            ("QUERY_ID", .bigint), ("TASK_NAME", .string), ("CREATE_TIME", .datetime),
            ("FINISH_TIME", .datetime), ("STATE", .string), ("CATALOG", .string),
            ("DATABASE", .string), ("DEFINITION", .string), ("ERROR_MESSAGE", .string),
            ("CAUSE", .string), ("DURATION", .double), ("ROWS_READ", .bigint),
            ("ROWS_CHANGED", .bigint), ("DETAIL", .string), ("OPERATORS", .string),
            ("VERSIONS", .string),
        ]
    ) { runner throws(StarlingError) in
        try mapAll(runner.session.database.refreshes.runs) { (run) throws(StarlingError) in
            let title = runner.contents.entry(run.view)?.name ?? run.view.name
            let outcome = run.outcome
            func text(_ texts: [String]?) -> Value {
                guard let texts, !texts.isEmpty else { return .null }
                return .text(texts.joined(separator: "; "))
            }
            func number(_ number: Int?) -> Value { number.map { .integer(Int128($0)) } ?? .null }
            let changed = outcome.map { $0.goneRowCount + $0.newRowCount }
            return [
                .integer(Int128(run.number)), .text("mv-\(title)"),
                try runner.localTime(run.start), try runner.localTime(run.end),
                .text(run.state.rawValue), catalogName, .text(run.view.database),
                .text(refreshStatement(run.view, title)),
                run.error.map { .text($0.message) } ?? .null, .text(run.cause.rawValue),
                run.end.map { .floating(Double($0 - run.start) / 1e6) } ?? .null,
                number(outcome?.readRowCount), number(changed),
                outcome.map { .text($0.note) } ?? .null, text(outcome?.operators),
                text(outcome?.versions),
            ]
        } + runsOfTasks(runner)
    }

    private static func runsOfTasks(_ runner: StatementRunner) throws(StarlingError) -> [[Value]] {
        try mapAll(runner.session.database.tasks.runs) { (run) throws(StarlingError) in
            [
                .integer(Int128(run.number)), .text(run.name.name),
                try runner.localTime(run.created), try runner.localTime(run.end),
                .text(run.state.rawValue), catalogName, .text(run.name.database),
                .text(run.task.statement.sql()), run.error.map { .text($0.message) } ?? .null,
                .text(run.task.every == nil ? "MANUAL" : "PERIODICAL"),
                run.end.map { .floating(Double($0 - run.created) / 1e6) } ?? .null, .null,
                run.state == .success ? .integer(Int128(run.changedRowCount)) : .null, .null, .null,
                .null,
            ]
        }
    }

    /// The INSERTs that bore a label: each of them happened.
    static let loads = SystemTable(
        name: "loads",
        columns: [
            ("JOB_ID", .bigint), ("LABEL", .string), ("DATABASE_NAME", .string),
            ("STATE", .string), ("PROGRESS", .string), ("TYPE", .string), ("ERROR_MSG", .string),
            ("CREATE_TIME", .datetime), ("LOAD_START_TIME", .datetime),
            ("LOAD_FINISH_TIME", .datetime), ("TRACKING_SQL", .string),
        ]
    ) { runner throws(StarlingError) in
        let now = wallClockMicroseconds()
        let named = runner.contents.databaseNames.flatMap { database in
            runner.contents.labels(in: database, at: now).map { (database: database, label: $0) }
        }
        return try mapAll(Array(named.enumerated())) { (place, load) throws(StarlingError) in
            let time = try runner.localTime(load.label.time)
            return [
                .integer(Int128(place + 1)), .text(load.label.name), .text(load.database),
                .text("FINISHED"), .text("LOAD:100%"), .text("INSERT"), .null, time, time, time,
                .null,
            ]
        }
    }

    private static func refreshStatement(_ name: CatalogName, _ title: String) -> String {
        "REFRESH MATERIALIZED VIEW \(quoted(name.database)).\(quoted(title))"
    }
}

extension StatementRunner {
    /// A moment in the zone of the session; NULL where there is none.
    func localTime(_ microseconds: Int64?) throws(StarlingError) -> Value {
        guard let microseconds, microseconds > 0 else { return .null }
        return try shifted(
            Int128(microseconds), from: "UTC", to: settings.value("time_zone") ?? "UTC")
    }
}
