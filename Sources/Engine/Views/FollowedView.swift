// One view that follows a commit: what its rows become is found out on a worker, beside other views that
// do not read it, and taken over by who commits.

import StarlingCatalog
import StarlingErrors
import StarlingExecution
import StarlingStorage
import StarlingSyntax
import StarlingThreads

/// Is a materialized view with what it was and the tables that it is to follow.
///
/// `@unchecked Sendable`: one worker finds the changes; who commits reads them when all workers are done.
final class FollowedView: @unchecked Sendable {
    let name: CatalogName
    let entry: CatalogEntry
    let view: MaterializedView
    let tables: [NativeTable]
    private let state: ViewState
    private let runner: StatementRunner
    private var found = Swift.Result<ViewChanges, StarlingError>.failure(
        StarlingError(.internal, "nobody has looked for its changes"))

    init(
        _ name: CatalogName, _ entry: CatalogEntry, _ view: MaterializedView, _ state: ViewState,
        at tables: [NativeTable], _ runner: StatementRunner
    ) {
        self.name = name
        self.entry = entry
        self.view = view
        self.state = state
        self.tables = tables
        self.runner = runner
    }

    /// Finds out what becomes of the rows of each view.
    static func findChanges(
        _ views: [FollowedView], _ pool: WorkerPool, workerCount: Int?, _ cancellation: Cancellation
    ) throws(StarlingError) {
        let next = SharedCounter()
        let workers = min(workerCount ?? pool.workerCount, views.count)
        try pool.run(workers: workers, cancellation: cancellation) { (_) throws(StarlingError) in
            while case let place = next.next(), place < views.count {
                try cancellation.check()
                try views[place].findChanges()
            }
        }
    }

    private func findChanges() throws(StarlingError) {
        try explained { () throws(StarlingError) in
            found = .success(
                try runner.changes(
                    of: view.definition, state, try storage(), entry.definition?.layout,
                    at: tables))
        }
    }

    private func storage() throws(StarlingError) -> NativeTable {
        guard case .table(let storage as NativeTable) = entry.content else {
            throw StarlingError(.internal, "it has no rows")
        }
        return storage
    }

    /// Writes what has changed into the view's rows; nil where nothing has.
    func exchange(
        _ folder: DatabaseFolder?
    ) throws(StarlingError) -> (table: NativeTable, changes: [Change])? {
        try explained { () throws(StarlingError) in
            let found = try found.get()
            guard !found.isEmpty else { return nil }
            let (table, changes) = try runner.exchange(
                found.gone, found.new, in: try storage(), name, as: entry.definition?.layout,
                folder)
            return (table, changes)
        }
    }

    /// The view as it stands once its rows are exchanged.
    var following: MaterializedView {
        var (state, view) = (state, view)
        state.stand(at: tables)
        view.state = state
        return view
    }

    /// Names the view where something goes wrong.
    private func explained<Value>(
        _ body: () throws(StarlingError) -> Value
    ) throws(StarlingError) -> Value {
        do throws(StarlingError) { return try body() } catch {
            throw StarlingError(
                error.kind,
                "materialized view '\(entry.name)' cannot follow the change: \(error.message)")
        }
    }
}
