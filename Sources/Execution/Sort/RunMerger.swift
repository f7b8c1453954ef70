// Merges sorted runs two by two. The output of a merge is cut into pieces that are made in
// parallel: where a piece begins in either run is found by binary search along the merge's path
// (Green, McColl and Bader, "GPU Merge Path", ICS 2012).

import StarlingErrors
import StarlingMemory
import StarlingThreads

/// Merges the runs of all workers on all workers.
struct RunMerger: Sendable {
    private static let pieceRowCount = 1 << 16

    let order: RowOrder
    let rowLimit: Int
    let execution: QueryExecution

    /// Merges until one run is left. `reservation` grows to what that run takes.
    func merge(
        _ runs: [SortedRun], _ reservation: Reservation
    ) throws(StarlingError) -> SortedRun {
        var runs = runs
        while runs.count > 1 {
            var next: [SortedRun] = []
            var heldByteCount = 0
            for pair in stride(from: 0, to: runs.count, by: 2) {
                guard pair + 1 < runs.count else {
                    next.append(runs[pair])
                    break
                }
                let count = min(rowLimit, runs[pair].count + runs[pair + 1].count)
                heldByteCount += count * MemoryLayout<SortEntry>.stride
                try reservation.resize(to: max(reservation.byteCount, heldByteCount))
                next.append(try merge(runs[pair], runs[pair + 1], count: count))
            }
            runs = next
        }
        return runs.first ?? SortedRun(entries: Buffer(byteCount: 0), count: 0)
    }

    private func merge(
        _ left: SortedRun, _ right: SortedRun, count: Int
    ) throws(StarlingError) -> SortedRun {
        let result = SortedRun(
            entries: Buffer(byteCount: count * MemoryLayout<SortEntry>.stride), count: count)
        let pieces = SharedCounter()
        let (cancellation, progress) = (execution.cancellation, execution.progress)
        progress.expect(count)
        try execution.onWorkers { (_) throws(StarlingError) in
            while true {
                let start = pieces.next() * Self.pieceRowCount
                guard start < count else { return }
                try cancellation.check()
                let end = min(count, start + Self.pieceRowCount)
                mergePiece(left, right, from: start, to: end, into: result.pointer)
                progress.note(end - start)
            }
        }
        return result
    }

    private func mergePiece(
        _ left: SortedRun, _ right: SortedRun, from start: Int, to end: Int,
        into target: UnsafeMutablePointer<SortEntry>
    ) {
        let (leftEntries, rightEntries) = (left.pointer, right.pointer)
        var i = leftCount(left, right, ofFirst: start)
        var j = start - i
        for place in start..<end {
            let takesLeft =
                i < left.count
                && (j >= right.count || !order.isBefore(rightEntries[j], leftEntries[i]))
            target[place] = takesLeft ? leftEntries[i] : rightEntries[j]
            i &+= takesLeft ? 1 : 0
            j &+= takesLeft ? 0 : 1
        }
    }

    /// Counts how many of the first `total` rows of the merge come from the left run.
    private func leftCount(_ left: SortedRun, _ right: SortedRun, ofFirst total: Int) -> Int {
        var low = max(0, total - right.count)
        var high = min(total, left.count)
        while low < high {
            let middle = (low + high) / 2
            // The left run's next row belongs to the first ones unless the right one is before it.
            if order.isBefore(right.pointer[total - middle - 1], left.pointer[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
