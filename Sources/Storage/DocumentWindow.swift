// The documents of a window, and what is left of them, for all paths that are read at once.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Reads a column of documents once a window.
final class DocumentWindow {
    let reader: SegmentColumnReader
    private var documents: (rows: Range<Int>, vector: Vector)?
    private var remainder: (rows: Range<Int>, vector: Vector)?

    init(_ column: SegmentColumn) { reader = SegmentColumnReader(column) }

    func documents(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        if let documents, documents.rows == rows {
            return selection.map { documents.vector.gathered(by: $0) } ?? documents.vector
        }
        let vector = try reader.read(rows, selection, as: .string)
        if selection == nil { documents = (rows, vector) }
        return vector
    }

    /// Reads what is left of documents.
    func remainder(
        _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector {
        if let remainder, remainder.rows == rows {
            return selection.map { remainder.vector.gathered(by: $0) } ?? remainder.vector
        }
        let vector = try reader.remainder(rows, selection)
        if selection == nil { remainder = (rows, vector) }
        return vector
    }
}
