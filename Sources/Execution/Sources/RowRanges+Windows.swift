// Rows that an index names lie scattered. Those that are near each other are read together, and the others of
// the window are left out by a selection: a window of its own for each row costs far more.

import StarlingTables
import StarlingVectors

extension RowRanges {
    /// Rows that lie less far apart are read in one window.
    static let windowGapMax = 1_024

    /// Selects these rows of a window, or those of them that are selected.
    package func narrow(_ selection: Selection?, in window: Range<Int>) -> Selection {
        var result = Selection()
        let target = result.rows
        var count = 0
        var next = 0
        for range in ranges[place(behind: window.lowerBound)...] {
            guard range.lowerBound < window.upperBound else { break }
            let wanted = range.clamped(to: window)
            let start = wanted.lowerBound - window.lowerBound
            guard let selection else {
                for row in start..<(start + wanted.count) {
                    target[count] = UInt16(truncatingIfNeeded: row)
                    count &+= 1
                }
                continue
            }
            while next < selection.count, Int(selection.rows[next]) < start { next += 1 }
            while next < selection.count, Int(selection.rows[next]) < start + wanted.count {
                target[count] = selection.rows[next]
                count &+= 1
                next += 1
            }
        }
        result.count = count
        return result
    }
}
