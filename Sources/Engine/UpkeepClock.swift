// Partitions come and go by the clock, too: every ten minutes the thread that refreshes views by theirs
// looks at the tables whose properties ask for it.

import StarlingCatalog
import StarlingThreads
import Synchronization

/// Knows when the partitions of tables were looked at last.
final class UpkeepClock: Sendable {
    static let interval: Int64 = 600_000_000

    private let last = Mutex<Int64>(0)

    /// When they are to be looked at next.
    var next: Int64 { last.withLock { $0 == 0 ? 0 : $0 + Self.interval } }

    func note(_ moment: Int64) { last.withLock { $0 = moment } }
}

extension Database {
    /// When partitions are to be looked at next; nil where no table asks for it.
    var nextUpkeepTime: Int64? { keptUpTables.isEmpty ? nil : upkeep.next }

    private var keptUpTables: [CatalogName] {
        let contents = catalog.snapshot
        return contents.databaseNames.flatMap { database in
            contents.entries(in: database).filter(\.isKeptUp).map {
                CatalogName(database: database, name: $0.name)
            }
        }
    }

    /// Lets partitions come and go where their time has come.
    func keepUpPartitions(at moment: Int64, begin: () -> Cancellation?) {
        guard let next = nextUpkeepTime, next <= moment else { return }
        upkeep.note(moment)
        for name in keptUpTables {
            guard let cancellation = begin() else { return }
            let runner = StatementRunner(makeSession(), cancellation: cancellation)
            // What cannot be done now is tried again the next time, and said when rows come.
            try? runner.keepUpPartitions(byClock: name)
        }
    }
}
