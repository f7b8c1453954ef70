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

extension [Segment] {
    /// Counts the rows that are there and have NULL in a column of a type; segments that cannot be
    /// opened have none.
    package func nullCount(
        ofColumn position: Int, _ type: LogicalType
    ) throws(StarlingError) -> Int {
        var count = 0
        for segment in self where segment.damage == nil {
            count += try segment.nullCount(ofColumn: position, type)
        }
        return count
    }
}

extension Segment {
    fileprivate func nullCount(
        ofColumn position: Int, _ type: LogicalType
    ) throws(StarlingError) -> Int {
        let known = columns[position].statistics.nullCount
        if known == 0 { return 0 }
        if let known, hidden == nil { return known }
        let column = SegmentColumnReader(columns[position])
        var count = 0
        for start in stride(from: 0, to: rowCount, by: chunkCapacity) {
            let window = start..<min(start + chunkCapacity, rowCount)
            let values = try column.read(window, as: type.widestPhysicalType)
            for row in window where !values.isValid(row - start) {
                if hidden?.contains(row) != true { count += 1 }
            }
        }
        return count
    }
}
