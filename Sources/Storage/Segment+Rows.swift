// Rows of a segment here and there.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

extension Segment {
    /// Where one row in so many is asked for, all are decoded.
    private static let denseFactor = 8

    /// Reads a column of rows that ascend, as long as a chunk or longer.
    func values(
        ofColumn position: Int, at rows: [UInt32], as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        let block = SegmentColumnReader(columns[position])
        if rows.count * Self.denseFactor >= rowCount {
            let all = try block.read(0..<rowCount, as: type)
            return rows.withUnsafeBufferPointer { rows in
                rows.baseAddress.map { all.gathered(by: $0, count: rows.count) } ?? all
            }
        }
        var collector = ColumnCollector(type)
        var selection = Selection()
        var place = 0
        while place < rows.count {
            let start = Int(rows[place]) / packedCount * packedCount
            let window = start..<min(start + packedCount, rowCount)
            selection.count = 0
            while place < rows.count, Int(rows[place]) < window.upperBound {
                selection.rows[selection.count] = UInt16(Int(rows[place]) - start)
                selection.count += 1
                place += 1
            }
            collector.append(try block.read(window, selection, as: type))
        }
        return collector.finish()
    }
}
