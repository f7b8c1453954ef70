import StarlingErrors
import StarlingVectors

/// Reads one part in windows of consecutive rows; belongs to one worker.
package protocol PartReader: AnyObject {
    /// Moves to `count` rows (at most `chunkCapacity`) from `row`; windows come in ascending order.
    func moveWindow(to row: Int, count: Int) throws(StarlingError)

    /// Reads a column of the window: all rows, or the selected ones as a dense vector.
    ///
    /// `position` counts in the columns that the reader was made with. Each column is read at most
    /// once a window, and a column that no one asks for is skipped without being decoded.
    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector

    /// Returns the dictionary that all values of a column come from, where there is one, so that
    /// a predicate that holds for none of them skips the part.
    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary?
}

extension PartReader {
    package func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? { nil }
}
