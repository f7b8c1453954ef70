// What SUBMIT TASK has to be done, and what came of it, since the database was opened.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingThreads
import Synchronization

/// Is one run of a task.
struct TaskRun: Sendable {
    enum State: String, Sendable {
        case pending = "PENDING"
        case running = "RUNNING"
        case success = "SUCCESS"
        case failed = "FAILED"
    }

    let number: Int
    let name: CatalogName
    let task: SubmitTask
    let created: Int64
    var end: Int64?
    var state = State.pending
    var error: StarlingError?
    var changedRowCount = 0
    var cancellation: Cancellation?

    /// Tells whether it is to run, or runs.
    var isOpen: Bool { state == .pending || state == .running }
}

/// Keeps the last runs of the tasks of a database.
final class TaskHistory: Sendable {
    private static let countMax = 1_000

    private struct Contents {
        var runs: [TaskRun] = []
        var nextNumber = 1
    }

    /// When the database was opened: what was to run before that doesn't any more.
    let opened = wallClockMicroseconds()
    private let contents = Mutex(Contents())

    /// Lets a task run as soon as it is looked for; says no where it waits or runs already.
    @discardableResult
    func add(_ task: SubmitTask, _ name: CatalogName) -> Bool {
        let time = wallClockMicroseconds()
        return contents.withLock { contents in
            guard !contents.runs.contains(where: { $0.isOpen && $0.name.folded == name.folded })
            else { return false }
            contents.runs.append(
                TaskRun(number: contents.nextNumber, name: name, task: task, created: time))
            contents.nextNumber += 1
            if contents.runs.count > Self.countMax,
                let oldest = contents.runs.firstIndex(where: { !$0.isOpen })
            {
                contents.runs.remove(at: oldest)
            }
            return true
        }
    }

    /// Takes the first run that waits; `begin` gives what may stop it, or nil where nothing is to
    /// begin.
    func takeNext(_ begin: () -> Cancellation?) -> TaskRun? {
        guard runs.contains(where: { $0.state == .pending }), let cancellation = begin() else {
            return nil
        }
        return contents.withLock { contents in
            guard let place = contents.runs.firstIndex(where: { $0.state == .pending }) else {
                return nil
            }
            contents.runs[place].state = .running
            contents.runs[place].cancellation = cancellation
            return contents.runs[place]
        }
    }

    /// Notes how a run ended.
    func end(_ number: Int, changedRowCount: Int, _ error: StarlingError?) {
        let time = wallClockMicroseconds()
        contents.withLock { contents in
            guard let place = contents.runs.lastIndex(where: { $0.number == number }) else {
                return
            }
            contents.runs[place].end = time
            contents.runs[place].error = error
            contents.runs[place].changedRowCount = changedRowCount
            contents.runs[place].state = error == nil ? .success : .failed
        }
    }

    /// Forgets the runs of a task, and stops one that runs; false where there is none.
    func drop(_ name: CatalogName) -> Bool {
        let gone = contents.withLock { contents in
            let gone = contents.runs.filter { $0.name.folded == name.folded }
            contents.runs.removeAll { $0.name.folded == name.folded && $0.state != .running }
            return gone
        }
        for run in gone { run.cancellation?.request() }
        return !gone.isEmpty
    }

    /// All runs that are kept, the oldest first.
    var runs: [TaskRun] { contents.withLock { $0.runs } }

    /// Tells whether a run waits.
    var hasPending: Bool { runs.contains { $0.state == .pending } }
}
