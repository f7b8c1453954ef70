// Which materialized views are due, and their refreshes by the clock.

import StarlingCatalog
import StarlingErrors
import StarlingThreads

extension Database {
    /// A view whose refreshes failed so many times in a row becomes inactive.
    static let failureCountMax = 10

    /// Refreshes the materialized views with a schedule whose time has come, lets partitions come and
    /// go by the clock and runs the tasks that are due; returns how many views and tasks these were. A view that missed several of its times is
    /// refreshed once; what a refresh did, or
    /// why it failed, stands in information_schema.task_runs.
    @discardableResult
    public func refreshDueViews() -> Int { refreshDueViews(at: wallClockMicroseconds()) }

    /// Refreshes the views that are due at a moment. `begin` gives what may stop the next refresh, or
    /// nil where there is to be none any more.
    @discardableResult
    package func refreshDueViews(
        at moment: Int64, begin: () -> Cancellation? = { Cancellation() }
    ) -> Int {
        keepUpPartitions(at: moment, begin: begin)
        var count = runDueTasks(at: moment, begin: begin)
        for (name, view) in catalog.snapshot.viewsInOrder {
            guard let due = dueTime(name, view), due <= moment else { continue }
            guard let cancellation = begin() else { break }
            let runner = StatementRunner(makeSession(), cancellation: cancellation)
            // The history has what went wrong.
            if (try? runner.refresh(name, because: .schedule)) == true { count += 1 }
            guard refreshes.failureCount(of: name) >= Self.failureCountMax,
                let error = refreshes.last(of: name)?.error, error.kind != .cancelled
            else { continue }
            // What failed has cancelled its own runner.
            let another = StatementRunner(makeSession(), cancellation: Cancellation())
            try? another.deactivate(name, "\(ViewState.failing): \(error.message)")
        }
        return count
    }

    /// When the next view or task is due, or partitions are; nil where nothing goes by the clock.
    var nextRefreshTime: Int64? {
        let views = catalog.snapshot.materializedViews.compactMap { dueTime($0.name, $0.view) }
        return (views + [nextTaskTime, nextUpkeepTime].compactMap { $0 }).min()
    }

    /// When a view is to be refreshed next; nil for those without a schedule.
    func dueTime(_ name: CatalogName, _ view: MaterializedView) -> Int64? {
        guard let state = view.state as? ViewState, state.isActive, let schedule = state.schedule
        else { return nil }
        let last = max(state.record.refreshStart, refreshes.lastStart(of: name) ?? 0)
        return last == 0 ? schedule.start : schedule.next(after: last)
    }
}
