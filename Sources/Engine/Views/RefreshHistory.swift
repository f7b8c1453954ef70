// What refreshes of materialized views did, for information_schema.task_runs, and which of them run: a
// view is refreshed by one at a time, and CANCEL REFRESH stops it.

import StarlingCatalog
import StarlingErrors
import StarlingThreads
import Synchronization

/// Is one refresh of a view.
struct RefreshRun: Sendable {
    enum State: String, Sendable {
        case running = "RUNNING"
        case success = "SUCCESS"
        case failed = "FAILED"
        case skipped = "SKIPPED"
    }

    /// Names what brought it about.
    enum Cause: String, Sendable {
        case statement = "MANUAL"
        case schedule = "PERIODICAL"
        case commit = "EVENT_TRIGGERED"
    }

    let number: Int
    let view: CatalogName
    let cause: Cause
    let start: Int64
    let cancellation: Cancellation
    var end: Int64?
    var state = State.running
    var outcome: RefreshOutcome?
    var error: StarlingError?
}

/// Tells what a refresh did.
struct RefreshOutcome: Sendable {
    /// `changes`, `nothing had changed`, or `all rows` and why.
    var note: String
    var readRowCount = 0
    /// The stored rows that went and that came.
    var goneRowCount = 0
    var newRowCount = 0
    /// How the changes of each operator were found.
    var operators: [String] = []
    /// For each table the versions from which and to which the view was taken.
    var versions: [String] = []
    var hadChanges = true

    mutating func note(_ changes: ViewChanges) {
        readRowCount = changes.readRowCount
        goneRowCount = changes.gone.count
        newRowCount = changes.new.reduce(0) { $0 + $1.count }
        hadChanges = !changes.isEmpty
        if changes.isEmpty { note = "nothing had changed" }
    }
}

/// Keeps the last refreshes of a database.
final class RefreshHistory: Sendable {
    private static let countMax = 1_000

    private struct State {
        var runs: [RefreshRun] = []
        var nextNumber = 1
    }

    private let state = Mutex(State())

    /// Notes that a refresh begins; nil where the view is being refreshed.
    func begin(
        _ view: CatalogName, _ cause: RefreshRun.Cause, _ cancellation: Cancellation
    ) -> Int? {
        let start = wallClockMicroseconds()
        return state.withLock { state in
            guard !state.runs.contains(where: { $0.end == nil && $0.view.folded == view.folded })
            else { return nil }
            let number = state.nextNumber
            state.nextNumber += 1
            state.runs.append(
                RefreshRun(
                    number: number, view: view, cause: cause, start: start,
                    cancellation: cancellation))
            if state.runs.count > Self.countMax,
                let oldest = state.runs.firstIndex(where: { $0.end != nil })
            {
                state.runs.remove(at: oldest)
            }
            return number
        }
    }

    /// Notes how a refresh ended.
    func end(_ number: Int, _ outcome: RefreshOutcome?, _ error: StarlingError?) {
        let time = wallClockMicroseconds()
        state.withLock { state in
            guard let place = state.runs.lastIndex(where: { $0.number == number }) else { return }
            state.runs[place].end = time
            state.runs[place].outcome = outcome
            state.runs[place].error = error
            state.runs[place].state =
                error != nil ? .failed : outcome?.hadChanges == false ? .skipped : .success
        }
    }

    /// Stops a view's refresh; false where none runs.
    func cancel(_ view: CatalogName) -> Bool {
        let running = state.withLock { state in
            state.runs.last { $0.end == nil && $0.view.folded == view.folded }
        }
        running?.cancellation.request()
        return running != nil
    }

    /// Stops the refreshes of all views of a database.
    func cancelAll(in database: String) {
        let database = database.lowercased()
        for run in runs where run.end == nil && run.view.folded.database == database {
            run.cancellation.request()
        }
    }

    /// All refreshes that are kept, the oldest first.
    var runs: [RefreshRun] { state.withLock { $0.runs } }

    /// The last refresh of a view; nil where there was none.
    func last(of view: CatalogName) -> RefreshRun? {
        runs.last { $0.view.folded == view.folded }
    }

    /// When the last refresh of a view began; nil where there was none.
    func lastStart(of view: CatalogName) -> Int64? { last(of: view)?.start }

    /// How many of the last refreshes of a view have failed, one behind the other.
    func failureCount(of view: CatalogName) -> Int {
        runs.reversed().lazy.filter { $0.view.folded == view.folded && $0.end != nil }
            .prefix { $0.state == .failed }.count
    }
}
