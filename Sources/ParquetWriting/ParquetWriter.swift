// Puts Parquet files together: row groups one behind the other, each with its bloom filters, then
// the page index, and the footer last, so that an unfinished file is none.

import StarlingErrors
import StarlingFiles

/// Appends row groups to a file.
package final class ParquetWriter {
    private let file: any WritableFile
    private let encoder: RowGroupEncoder
    private var offset = 4
    private var groups: [GroupFacts] = []

    package init(_ file: any WritableFile, _ encoder: RowGroupEncoder) throws(StarlingError) {
        self.file = file
        self.encoder = encoder
        try file.write(Array("PAR1".utf8))
    }

    package func append(_ group: EncodedRowGroup) throws(StarlingError) {
        guard group.rowCount > 0 else { return }
        var facts = GroupFacts(rowCount: group.rowCount, number: groups.count)
        for var column in group.columns {
            var chunk = ChunkFacts(column: column, offset: offset)
            if let bytes = column.bytes?.bytes, let start = bytes.baseAddress {
                try file.write(start, count: bytes.count)
                offset += bytes.count
            }
            column.bytes = nil
            chunk.column = column
            facts.chunks.append(chunk)
        }
        for position in facts.chunks.indices {
            guard let filter = facts.chunks[position].column.bloomFilter else { continue }
            facts.chunks[position].bloomFilter = try write(filter)
            facts.chunks[position].column.bloomFilter = nil
        }
        groups.append(facts)
    }

    /// Counts the bytes that were written.
    package var byteCount: Int { offset }

    /// Writes page indexes and the footer.
    package func finish() throws(StarlingError) {
        if encoder.options.writesPageIndex { try writePageIndex() }
        let footer = Footer(encoder, groups).bytes
        _ = try write(footer)
        _ = try write(withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) })
        _ = try write(Array("PAR1".utf8))
    }

    private func writePageIndex() throws(StarlingError) {
        for group in groups.indices {
            for position in groups[group].chunks.indices {
                let chunk = groups[group].chunks[position]
                guard chunk.column.hasColumnIndex else { continue }
                groups[group].chunks[position].columnIndex = try write(
                    PageIndex.columnIndex(chunk.column))
            }
        }
        for group in groups.indices {
            for position in groups[group].chunks.indices {
                let chunk = groups[group].chunks[position]
                groups[group].chunks[position].offsetIndex = try write(
                    PageIndex.offsetIndex(chunk.column, chunkOffset: chunk.offset))
            }
        }
    }

    /// Writes bytes and returns their place in the file.
    private func write(_ bytes: [UInt8]) throws(StarlingError) -> Range<Int> {
        try file.write(bytes)
        defer { offset += bytes.count }
        return offset..<(offset + bytes.count)
    }
}

/// Holds what the footer needs of a row group once its bytes are in the file.
struct GroupFacts {
    var rowCount: Int
    var number: Int
    var chunks: [ChunkFacts] = []
}

/// Holds what the footer needs of a column chunk.
struct ChunkFacts {
    var column: EncodedColumn
    var offset: Int
    var bloomFilter: Range<Int>?
    var columnIndex: Range<Int>?
    var offsetIndex: Range<Int>?
}
