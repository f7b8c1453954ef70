// AUTO_INCREMENT: rows get numbers that no row of the table had. They ascend, with gaps where a
// statement failed; where several workers insert at once, each takes numbers for a chunk at a time.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

extension NativeTable {
    /// Puts the next numbers where a column has NULL.
    package func numbering(_ chunk: Chunk, _ column: Int?) throws(StarlingError) -> Chunk {
        guard let column, chunk.count > 0 else { return chunk }
        let values = (0..<chunk.count).map { chunk.columns[column].value(at: $0) }
        let missing = values.count { $0.isNull }
        guard missing > 0 else { return chunk }
        var next = try takeNumbers(missing)
        let numbered = values.map { value in
            guard value.isNull else { return value }
            defer { next += 1 }
            return Value.integer(Int128(next))
        }
        var columns = chunk.columns
        columns[column] = Vector(.int64, values: numbered)
        return Chunk(columns: columns, count: chunk.count)
    }

    /// Sees to it that numbers that were inserted do not come again.
    package func noteNumbers(of segments: [Segment], _ column: Int?) throws(StarlingError) {
        guard let column else { return }
        for segment in segments {
            guard let high = segment.statistics(ofColumn: column).high?.integer else { continue }
            noteNumber(Int64(clamping: high))
        }
    }
}
