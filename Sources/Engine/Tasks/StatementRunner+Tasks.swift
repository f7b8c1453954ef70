// SUBMIT TASK and DROP TASK: a statement that changes rows, or CREATE TABLE … AS SELECT, which the
// database's thread runs once or by the clock. Those with a schedule stand in the log; what runs once ends with the process.

import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingSyntax
import StarlingThreads
import StarlingTypes

extension StatementRunner {
    func submitTask(_ task: SubmitTask) throws(StarlingError) -> Result {
        let kind = try kind(of: task)
        let title = task.name?.last.text ?? "\(kind)-\(Identifiers.makeText())"
        let name = CatalogName(database: session.currentDatabase, name: title)
        var task = task
        let place = task.name?.range ?? task.statement.range
        task.name = QualifiedName([Identifier(title, isQuoted: true, range: place)])
        if !session.isRestoring { try check(task, name) }
        var isDue = true
        if let every = task.every {
            let now = wallClockMicroseconds()
            task.start = task.start ?? RefreshSchedule.startText(now)
            isDue = try RefreshSchedule(start: task.start, every: every).start <= now
            try commit(to: catalog, [change(.submitTask(task))]) {
                (contents) throws(StarlingError) in try contents.add(task, named: name)
            }
        }
        guard !session.isRestoring else { return .none }
        let database = session.database
        if isDue { database.tasks.add(task, name) }
        database.scheduler.lookAnew(database)
        return Result(
            [("TaskName", .string), ("Status", .string)],
            rows: [[.text(title), .text("SUBMITTED")]])
    }

    func dropTask(_ title: Identifier, ifExists: Bool) throws(StarlingError) -> Result {
        let name = CatalogName(database: session.currentDatabase, name: title.text)
        let isScheduled = contents.tasks.contains { $0.name.folded == name.folded }
        if isScheduled {
            let drop = Statement.Kind.dropTask(title, ifExists: true, force: false)
            try commit(to: catalog, [change(drop)]) { (contents) throws(StarlingError) in
                contents.removeTask(name)
            }
        }
        guard !session.isRestoring else { return .none }
        let hasRun = session.database.tasks.drop(name)
        guard isScheduled || hasRun || ifExists else {
            let known = contents.tasks.map(\.name.name)
            let near = nearestName(to: title.text, among: known)
            throw StarlingError(
                .binding,
                "there is no task '\(title.text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
                at: title.range)
        }
        return .none
    }

    /// Lets a task have the settings that it names.
    func apply(_ task: SubmitTask) throws(StarlingError) {
        for property in task.properties {
            let prefix = "session."
            guard property.key.lowercased().hasPrefix(prefix) else {
                throw StarlingError(
                    .binding,
                    "the properties of a task are settings, 'session.query_timeout' and the like, "
                        + "not '\(property.key)'", at: property.keyRange)
            }
            let setting = String(property.key.dropFirst(prefix.count))
            try change(
                &settings, setting, to: property.value,
                at: property.keyRange ?? task.statement.range, property.valueRange)
        }
        try apply(task.hints)
    }

    private func check(_ task: SubmitTask, _ name: CatalogName) throws(StarlingError) {
        _ = try kind(of: task)
        try checkWhole(catalog)
        let settings = settings
        defer { self.settings = settings }
        try apply(task)
        let isOpen = session.database.tasks.runs.contains {
            $0.isOpen && $0.name.folded == name.folded
        }
        let isScheduled = contents.tasks.contains { $0.name.folded == name.folded }
        guard isOpen || isScheduled else { return }
        throw StarlingError(
            .binding, "there is a task '\(name.name)' already; DROP TASK ends it",
            at: task.name?.range)
    }

    /// What the names of tasks begin with that have none; says no to other statements.
    private func kind(of task: SubmitTask) throws(StarlingError) -> String {
        switch task.statement.kind {
        case .insert: return "insert"
        case .update: return "update"
        case .delete: return "delete"
        case .merge: return "merge"
        case .createTable(let table) where table.query != nil: return "ctas"
        default:
            throw StarlingError(
                .unsupported,
                "a task is an INSERT, UPDATE, DELETE, MERGE or a CREATE TABLE … AS SELECT",
                at: task.statement.range)
        }
    }
}
