import StarlingErrors
import StarlingVectors

/// Reads one part in windows of consecutive rows; belongs to one worker.
package protocol PartReader: AnyObject {
    /// Says, before the first window, in which rows windows will lie: nothing else has to be read.
    /// Of the columns at the positions `late`, perhaps a few rows will be asked for here and there.
    func expect(_ rows: RowRanges, late: Set<Int>)

    /// Moves to `count` rows (at most `chunkCapacity`) from `row`; windows come in ascending order.
    func moveWindow(to row: Int, count: Int) throws(StarlingError)

    /// Moves to the next rows, at most `countMax`, and tells how many there are; 0 is the end.
    /// Only for parts that are not counted.
    func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int

    /// The row's number in its file, counted from 0, of the first row of the window; nil where
    /// the reader does not know.
    var firstRowInFile: Int? { get throws(StarlingError) }

    /// Reads a column of the window: all rows, or the selected ones as a dense vector.
    ///
    /// `position` counts in the columns that the reader was made with. Each column is read at most
    /// once a window, and a column that no one asks for is skipped without being decoded.
    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector

    /// Counts the values of a column that were read since the last call and have digits below the
    /// microsecond, which SQL's types have no place for.
    func takeCutCount(of position: Int) -> Int

    /// Returns the dictionary that all values of a column come from, where there is one, so that
    /// a predicate that holds for none of them skips the part.
    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary?
}

extension PartReader {
    package func moveToNextWindow(countMax: Int) throws(StarlingError) -> Int {
        throw StarlingError(.internal, "the rows of this part are counted")
    }

    package var firstRowInFile: Int? { nil }
    package func takeCutCount(of position: Int) -> Int { 0 }
    package func expect(_ rows: RowRanges, late: Set<Int>) {}

    package func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? { nil }
}
