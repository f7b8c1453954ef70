// Puts Parquet files together: row groups one behind the other, each with its bloom filters, then
// the page index, and the footer last, so that an unfinished file is none.

import StarlingErrors
import StarlingFiles

/// Appends row groups to a file.
package final class ParquetWriter {
    private let file: any WritableFile
    private let encoder: RowGroupEncoder
    private var offset = 4
    private var facts = FileFacts()

    package init(_ file: any WritableFile, _ encoder: RowGroupEncoder) throws(StarlingError) {
        self.file = file
        self.encoder = encoder
        try file.write(Array("PAR1".utf8))
    }

    package func append(_ group: EncodedRowGroup) throws(StarlingError) {
        guard group.rowCount > 0 else { return }
        var own = GroupFacts(rowCount: group.rowCount, offset: offset)
        var offsets: [Int] = []
        for column in group.columns {
            offsets.append(offset)
            if let bytes = column.bytes?.bytes, let start = bytes.baseAddress {
                try file.write(start, count: bytes.count)
                offset += bytes.count
            }
            own.byteCount += column.byteCount
            own.uncompressedByteCount += column.uncompressedByteCount
        }
        for (position, column) in group.columns.enumerated() {
            let filter = try column.bloomFilter.map { (filter) throws(StarlingError) in
                try write(filter)
            }
            facts.add(column, encoder, position, offset: offsets[position], bloomFilter: filter)
        }
        facts.groups.append(own)
    }

    /// Counts the bytes that were written.
    package var byteCount: Int { offset }

    /// Writes page indexes and the footer.
    package func finish() throws(StarlingError) {
        for index in [facts.columnIndexes, facts.offsetIndexes] where index.count > 0 {
            try file.write(index.start, count: index.count)
        }
        facts.moveIndexes(to: offset)
        offset += facts.columnIndexes.count + facts.offsetIndexes.count
        let footer = Footer(encoder, facts).bytes
        _ = try write(footer)
        _ = try write(withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) })
        _ = try write(Array("PAR1".utf8))
    }

    /// Writes bytes and returns their place in the file.
    private func write(_ bytes: [UInt8]) throws(StarlingError) -> Range<Int> {
        try file.write(bytes)
        defer { offset += bytes.count }
        return offset..<(offset + bytes.count)
    }
}
