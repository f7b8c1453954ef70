// What an operator learns while a query runs, told to the scans that feed it: a join, which keys its
// other side has; a top-N, what the rows that it has already are better than. Scans leave out
// parts, zones and rows by it.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Tells which rows of a scan can matter, by their values of one column.
package protocol RuntimeFilter: AnyObject, Sendable {
    /// What EXPLAIN ANALYZE calls it.
    var reason: PruningReason { get }

    /// The values of which a row needs one, where they are few.
    var values: [Value]? { get }

    /// The order in which a scan serves the operator best: true for lowest values first, false for
    /// highest, nil for any.
    var prefersAscending: Bool? { get }

    /// Is another number after the filter has become stricter.
    var strictness: UInt64 { get }

    /// Tells whether rows with these statistics can matter.
    func mayMatch(_ statistics: ColumnStatistics, rowCount: Int) -> Bool

    /// Makes what one worker filters its chunks with.
    func makeEvaluator() -> any RuntimeFilterEvaluator
}

/// Applies a runtime filter to the rows of one worker.
package protocol RuntimeFilterEvaluator: AnyObject {
    /// Narrows a selection of a window's rows; `vector` has the selected rows' values, dense. Nil
    /// stands for all rows.
    func narrow(_ selection: Selection?, by vector: Vector) -> Selection?

    /// Tells whether any value of a dictionary can matter.
    func mayMatch(_ dictionary: VectorDictionary) -> Bool
}
