// Some neighbouring blocks as part of a table.

import StarlingErrors
import StarlingTables

/// Is some of the blocks of a file.
struct AvroPart: TablePart {
    let file: AvroFile
    /// Positions in the file's blocks.
    let blocks: Range<Int>

    var firstRow: Int { file.blocks[blocks.lowerBound].firstRow }
    var rowCount: Int { file.blocks[blocks.upperBound - 1].endRow - firstRow }

    /// The bytes of the file from the first block to the last.
    var bytes: Range<Int> {
        let (first, last) = (file.blocks[blocks.lowerBound], file.blocks[blocks.upperBound - 1])
        return first.bytes.lowerBound..<last.bytes.upperBound
    }

    func statistics(ofColumn column: Int) -> ColumnStatistics { ColumnStatistics() }

    func prefetch(_ columns: [ReadColumn]) { file.file.prefetch([bytes]) }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        AvroReader(self, columns: columns, context: context)
    }
}
