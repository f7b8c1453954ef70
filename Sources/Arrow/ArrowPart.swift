// A record batch as part of a table.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is one record batch of one file.
struct ArrowPart: TablePart {
    let file: ArrowFile
    let batch: ArrowBatch
    /// The number of its first row in the file.
    let firstRow: Int

    var rowCount: Int { batch.rowCount }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        let node = file.nodePosition(ofColumn: column)
        return ColumnStatistics(nullCount: file.nullCount(batch, node, file.fields[column]))
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        var readers: [ArrowColumnReader] = []
        for column in columns {
            readers.append(try ArrowColumnReader(self, column, context))
        }
        return Reader(readers, firstRow: firstRow)
    }

    /// The buffers of a column; of views all that its values may lie in.
    func buffers(ofColumn column: Int) -> [Range<Int>] {
        var start = 0
        var views = 0
        for field in file.fields[..<column] {
            start += field.totalBufferCount
            for count in batch.viewBufferCounts[views..<(views + field.viewCount)] {
                start += count
            }
            views += field.viewCount
        }
        let field = file.fields[column]
        var count = field.dictionary == nil ? field.bufferCount : 2
        if field.dictionary == nil, field.storage == .views {
            count += batch.viewBufferCounts[views]
        }
        return Array(batch.buffers[start..<(start + count)])
    }

    private final class Reader: PartReader {
        private let readers: [ArrowColumnReader]
        private let firstRow: Int
        private var rows = 0..<0

        init(_ readers: [ArrowColumnReader], firstRow: Int) {
            self.readers = readers
            self.firstRow = firstRow
        }

        var firstRowInFile: Int? { firstRow + rows.lowerBound }

        func moveWindow(to row: Int, count: Int) { rows = row..<(row + count) }

        func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
            try readers[position].read(rows, selection: selection)
        }
    }
}
