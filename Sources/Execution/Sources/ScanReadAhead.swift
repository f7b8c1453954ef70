// Has storage fetch what a scan is about to read, some morsels ahead of the workers: the columns of
// the conditions, and the others as soon as rows have passed the conditions at all. What comes from
// memory anyway is not asked for.

import StarlingTables
import Synchronization

/// Prefetches the columns of morsels.
final class ScanReadAhead: Sendable {
    private let early: [ReadColumn]
    private let late: [ReadColumn]
    private let depth: Int
    /// The morsels before these were prefetched.
    private let earlyEnd = Atomic<Int>(0)
    private let lateEnd = Atomic<Int>(0)
    private let rowsPass = Atomic<Bool>(false)

    /// `early` are the table's columns that are read in any case, `late` those for rows that pass.
    init(early: [ReadColumn], late: [ReadColumn], depth: Int) {
        self.early = early
        self.late = late
        self.depth = depth
    }

    /// Notes that rows have passed the conditions, so that late columns are read too.
    func noteRows() {
        if !rowsPass.load(ordering: .relaxed) { rowsPass.store(true, ordering: .relaxed) }
    }

    /// Prefetches what lies behind the morsel that is taken, where reading is slow.
    func advance(to position: Int, of morsels: [ScanSource.Morsel], _ context: ScanContext) {
        guard context.readsAreSlow.load(ordering: .relaxed) else { return }
        prefetch(early, behind: position, earlyEnd, morsels)
        if rowsPass.load(ordering: .relaxed) {
            prefetch(late, behind: position, lateEnd, morsels)
        }
    }

    private func prefetch(
        _ columns: [ReadColumn], behind position: Int, _ end: borrowing Atomic<Int>,
        _ morsels: [ScanSource.Morsel]
    ) {
        let wanted = min(position + 1 + depth, morsels.count)
        let start = max(end.load(ordering: .relaxed), position + 1)
        guard !columns.isEmpty, start < wanted else { return }
        // Another worker may do the same at the same time, which does no harm.
        end.store(wanted, ordering: .relaxed)
        for next in start..<wanted where morsels[next].part !== morsels[next - 1].part {
            morsels[next].part.part.prefetch(columns)
        }
    }
}
