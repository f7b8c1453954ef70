// Tasks by the clock: which are due, and their runs.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingThreads

extension Database {
    /// Runs the tasks that wait and those whose time has come, and returns how many these were.
    func runDueTasks(at moment: Int64, begin: () -> Cancellation?) -> Int {
        for (name, task) in catalog.snapshot.tasks {
            guard let due = dueTime(ofTask: name, task), due <= moment else { continue }
            tasks.add(task, name)
        }
        var count = 0
        while let run = tasks.takeNext(begin) {
            count += 1
            self.run(run)
        }
        return count
    }

    private func run(_ run: TaskRun) {
        let session = makeSession()
        session.currentDatabase = run.name.database
        do throws(StarlingError) {
            let runner = StatementRunner(session, cancellation: Cancellation())
            try runner.apply(run.task)
            session.settings = runner.settings
            let result = try session.run(
                run.task.statement, parameters: [], cancellation: run.cancellation ?? Cancellation()
            )
            tasks.end(run.number, changedRowCount: result.affectedRowCount, nil)
        } catch {
            tasks.end(run.number, changedRowCount: 0, error)
        }
    }

    /// When a task with a schedule runs next; nil where it does not any more.
    func dueTime(ofTask name: CatalogName, _ task: SubmitTask) -> Int64? {
        guard let every = task.every,
            let schedule = try? RefreshSchedule(start: task.start, every: every)
        else { return nil }
        let last = tasks.runs.last { $0.name.folded == name.folded }?.created
        return schedule.next(after: max(last ?? 0, tasks.opened))
    }

    /// When the next task runs; nil where none waits or has a schedule.
    var nextTaskTime: Int64? {
        if tasks.hasPending { return 0 }
        return catalog.snapshot.tasks.compactMap { dueTime(ofTask: $0.name, $0.task) }.min()
    }
}
