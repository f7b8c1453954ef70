// When clocks of a zone show what: distances from UTC, and the moments at which they change.

/// Converts between UTC and the clocks of a zone. All times are seconds since 1970.
package struct ZoneRules: Sendable {
    /// The distance before the first change, and after each.
    var firstOffset: Int64
    var changes: [Int64] = []
    var offsets: [Int64] = []
    /// What goes on behind the last change.
    var footer: ZoneFooter?

    init(offset: Int64) { firstOffset = offset }

    /// Finds the distance from UTC at a moment of UTC.
    package func offset(at moment: Int64) -> Int64 {
        guard let last = changes.last else {
            return footer?.offset(at: moment) ?? firstOffset
        }
        if moment >= last, let footer { return footer.offset(at: moment) }
        // Finds the first change behind the moment.
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }

    /// The distances that there are at any time.
    package var offsetRange: ClosedRange<Int64> {
        let all = [firstOffset] + offsets + (footer?.offsets ?? [])
        return (all.min() ?? firstOffset)...(all.max() ?? firstOffset)
    }

    func local(fromUTC moment: Int64) -> Int64 { moment + offset(at: moment) }

    /// Finds the moment at which clocks show `local`: the first of two, and for times that clocks
    /// jump over the moment of the jump.
    func utc(fromLocal local: Int64) -> Int64 {
        let day: Int64 = 86_400
        let before = offset(at: local - day)
        let after = offset(at: local + day)
        for candidate in [local - before, local - after] {
            if candidate + offset(at: candidate) == local { return candidate }
        }
        var (low, high) = (local - max(before, after) - 1, local - min(before, after) + 1)
        // The jump lies in between: before it the distance is the old one.
        while low + 1 < high {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }
}
