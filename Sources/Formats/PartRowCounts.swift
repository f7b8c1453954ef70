// How many rows the parts of a file of text have, which shows while they are read: for the number
// that a row has in its file.

import StarlingErrors
import Synchronization

/// Keeps the numbers of rows of a file's parts.
package final class PartRowCounts: Sendable {
    private let counts = Mutex<[Int: Int]>([:])
    /// Held while rows are counted, so that nobody does it twice.
    private let counting = Mutex(())

    package init() {}

    /// Says that a part was read to its end.
    package func note(_ part: Int, _ rowCount: Int) { counts.withLock { $0[part] = rowCount } }

    /// Adds the rows of the parts before one up; `count` reads those that nobody has read yet.
    package func sum(
        before part: Int, _ count: (Int) throws(StarlingError) -> Int
    ) throws(StarlingError) -> Int {
        var total = 0
        for number in 0..<part {
            if let known = known(number) {
                total += known
                continue
            }
            total += try counting.withLock { _ throws(StarlingError) in
                if let known = known(number) { return known }
                let rowCount = try count(number)
                note(number, rowCount)
                return rowCount
            }
        }
        return total
    }

    private func known(_ part: Int) -> Int? { counts.withLock { $0[part] } }
}
