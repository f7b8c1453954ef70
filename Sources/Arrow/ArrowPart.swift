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
        Reader(columns.map { ArrowColumnReader(self, $0, context) }, firstRow: firstRow)
    }

    /// What belongs to a column.
    func node(ofColumn column: Int) throws(StarlingError) -> ArrowNode {
        var walk = ArrowNodeWalk(batch, path: file.path)
        walk.skip(file.fields[..<column])
        return try walk.next(file.fields[column])
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

        func takeCutCount(of position: Int) -> Int { readers[position].takeCutCount() }
    }
}
