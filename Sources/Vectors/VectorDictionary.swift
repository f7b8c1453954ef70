// The distinct values behind dictionary codes. Its identity matters: two vectors with the same
// dictionary object can be compared, grouped and joined by code, and what was computed for its
// values (a function, a predicate, group numbers) can be kept for the next chunk.

import StarlingMemory

/// Holds the values that codes stand for, none of them NULL, no two of them equal.
package final class VectorDictionary: Sendable {
    package let values: Vector
    /// Where true, comparing codes orders as comparing values does.
    package let isSorted: Bool

    package init(values: Vector, isSorted: Bool) {
        precondition(values.isFlat && values.validity == nil)
        self.values = values
        self.isSorted = isSorted
    }

    package var count: Int { values.count }
}
