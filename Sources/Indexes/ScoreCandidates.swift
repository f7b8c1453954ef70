// Rows that may have one of the best scores, and what is known of theirs.

/// Holds rows, ascending, and bounds of their scores.
struct ScoreCandidates {
    private(set) var rows: [UInt32] = []
    private var bounds: [Double] = []

    /// Adds rows, and raises the bounds of those that are there.
    mutating func add(_ others: [UInt32], bound: Double) {
        var (allRows, allBounds): ([UInt32], [Double]) = ([], [])
        allRows.reserveCapacity(rows.count + others.count)
        allBounds.reserveCapacity(rows.count + others.count)
        var place = 0
        for other in others {
            while place < rows.count, rows[place] < other {
                allRows.append(rows[place])
                allBounds.append(bounds[place])
                place += 1
            }
            let isKnown = place < rows.count && rows[place] == other
            allRows.append(other)
            allBounds.append(isKnown ? bounds[place] + bound : bound)
            if isKnown { place += 1 }
        }
        allRows += rows[place...]
        allBounds += bounds[place...]
        (rows, bounds) = (allRows, allBounds)
    }

    /// Raises the bounds of some of the rows.
    mutating func raise(_ some: [UInt32], bound: Double) {
        var place = 0
        for row in some {
            while place < rows.count, rows[place] < row { place += 1 }
            guard place < rows.count else { return }
            if rows[place] == row { bounds[place] += bound }
        }
    }

    /// Leaves the rows whose bounds are wanted; few bounds differ.
    mutating func keep(_ isWanted: (Double) -> Bool) {
        var known: [(bound: Double, isKept: Bool)] = []
        var count = 0
        for place in rows.indices {
            let bound = bounds[place]
            let isKept: Bool
            if let answer = known.first(where: { $0.bound == bound }) {
                isKept = answer.isKept
            } else {
                isKept = isWanted(bound)
                known.append((bound, isKept))
            }
            guard isKept else { continue }
            rows[count] = rows[place]
            bounds[count] = bound
            count += 1
        }
        rows.removeLast(rows.count - count)
        bounds.removeLast(bounds.count - count)
    }
}
