// What making indexes may take. Where the memory is not there, rows can do without an index, which never
// changes an answer: who writes rows leaves it out, and whoever asked for it is told.

import StarlingErrors
import StarlingMemory
import StarlingThreads

/// Says what making indexes may take of a budget, and who ends it.
package struct IndexMaking: Sendable {
    private let budget: MemoryBudget
    private let cancellation: Cancellation
    /// True where a segment that lacks an index is of no use.
    let isNeeded: Bool

    package init(_ budget: MemoryBudget, _ cancellation: Cancellation, isNeeded: Bool) {
        self.budget = budget
        self.cancellation = cancellation
        self.isNeeded = isNeeded
    }

    /// Begins an index.
    func begin() -> Progress {
        Progress(Reservation(budget, purpose: "an index that is made"), cancellation)
    }

    /// Is what an index that is being made has taken.
    struct Progress {
        private static let stepRowCount = 1_024

        private let reservation: Reservation
        private let cancellation: Cancellation
        private var rowCount = 0

        init(_ reservation: Reservation, _ cancellation: Cancellation) {
            self.reservation = reservation
            self.cancellation = cancellation
        }

        /// Counts a row, behind some of which `byteCount` says what all of them take.
        mutating func addRow(_ byteCount: () -> Int) throws(StarlingError) {
            rowCount += 1
            guard rowCount % Self.stepRowCount == 0 else { return }
            try cancellation.check()
            try reservation.resize(to: byteCount())
        }
    }
}
