// Writes Parquet files. Row groups are encoded independently of each other, in parallel if the
// caller likes, and appended in order; the footer comes last, so that an unfinished file is none.

import StarlingErrors
import StarlingFiles
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Says how a file is written.
package struct ParquetOptions: Sendable {
    package var codec: ParquetCodec
    /// Rows of a row group, the last one aside.
    package var rowGroupRowCount: Int

    package init(codec: ParquetCodec = .zstd(level: 3), rowGroupRowCount: Int = 122_880) {
        self.codec = codec
        self.rowGroupRowCount = rowGroupRowCount
    }
}

/// Encodes row groups of a schema. May be used by many workers at once.
package struct RowGroupEncoder: Sendable {
    package let columns: [TableColumn]
    package let options: ParquetOptions
    let types: [ParquetType]

    package init(columns: [TableColumn], options: ParquetOptions) throws(StarlingError) {
        self.columns = columns
        self.options = options
        var types: [ParquetType] = []
        for column in columns { types.append(try ParquetType(column.type, column: column.name)) }
        self.types = types
    }

    package func encode(_ chunks: [Chunk]) throws(StarlingError) -> EncodedRowGroup {
        let compressor = PageCompressor(options.codec)
        var group = EncodedRowGroup(rowCount: chunks.reduce(0) { $0 + $1.count }, columns: [])
        for (position, column) in columns.enumerated() {
            var encoder = ColumnEncoder(
                name: column.name, types[position], isNullable: column.isNullable, compressor)
            let encoded = try encoder.encode(chunks.map { $0.columns[position] })
            group.columns.append(encoded)
        }
        return group
    }
}

/// Holds a row group as bytes.
package struct EncodedRowGroup: Sendable {
    package let rowCount: Int
    var columns: [EncodedColumn]
}

/// Appends row groups to a file.
package final class ParquetWriter {
    private let file: any WritableFile
    private let encoder: RowGroupEncoder
    private var offset = 4
    private var groups: [(group: GroupFacts, offset: Int)] = []

    /// What the footer needs of a group once its bytes are in the file.
    private struct GroupFacts {
        var rowCount: Int
        var columns: [EncodedColumn]
        var byteCounts: [Int]
    }

    package init(_ file: any WritableFile, _ encoder: RowGroupEncoder) throws(StarlingError) {
        self.file = file
        self.encoder = encoder
        try file.write(Array("PAR1".utf8))
    }

    package func append(_ group: EncodedRowGroup) throws(StarlingError) {
        guard group.rowCount > 0 else { return }
        let start = offset
        var facts = GroupFacts(rowCount: group.rowCount, columns: [], byteCounts: [])
        for var column in group.columns {
            try file.write(column.bytes)
            offset += column.bytes.count
            facts.byteCounts.append(column.bytes.count)
            column.bytes = []
            facts.columns.append(column)
        }
        groups.append((facts, start))
    }

    /// Counts the bytes that were written.
    package var byteCount: Int { offset }

    /// Writes the footer.
    package func finish() throws(StarlingError) {
        let footer = footer()
        try file.write(footer)
        try file.write(withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) })
        try file.write(Array("PAR1".utf8))
        offset += footer.count + 8
    }

    private func footer() -> [UInt8] {
        var writer = ThriftWriter()
        writer.writeStructure { footer in
            footer.write(1, int32: 2)
            footer.write(2, structures: Array(-1..<encoder.columns.count)) { position, element in
                if position < 0 {
                    element.write(4, text: "schema")
                    element.write(5, int32: encoder.columns.count)
                } else {
                    encoder.types[position].write(
                        to: &element, name: encoder.columns[position].name,
                        isNullable: encoder.columns[position].isNullable)
                }
            }
            footer.write(3, int64: groups.reduce(0) { $0 + $1.group.rowCount })
            footer.write(4, structures: groups) { write($0.group, $0.offset, &$1) }
            footer.write(6, text: "Starling")
            // The order that bounds are in: that of the column's type.
            footer.write(7, structures: encoder.columns) { _, order in order.write(1) { _ in } }
        }
        return writer.bytes
    }

    private func write(_ group: GroupFacts, _ start: Int, _ writer: inout ThriftWriter) {
        var offset = start
        var chunks: [(position: Int, offset: Int)] = []
        for (position, byteCount) in group.byteCounts.enumerated() {
            chunks.append((position, offset))
            offset += byteCount
        }
        writer.write(1, structures: chunks) { chunk, element in
            element.write(2, int64: chunk.offset)
            element.write(3) { metadata in
                writeMetadata(group, chunk.position, chunk.offset, &metadata)
            }
        }
        writer.write(2, int64: group.columns.reduce(0) { $0 + $1.uncompressedByteCount })
        writer.write(3, int64: group.rowCount)
        writer.write(5, int64: start)
        writer.write(6, int64: group.byteCounts.reduce(0, +))
    }

    private func writeMetadata(
        _ group: GroupFacts, _ position: Int, _ offset: Int, _ writer: inout ThriftWriter
    ) {
        let column = group.columns[position]
        let hasDictionary = column.dictionaryPageOffset != nil
        writer.write(1, int32: encoder.types[position].code)
        writer.write(
            2,
            int32List: hasDictionary
                ? [Encoding.plain, Encoding.levels, Encoding.dictionary]
                : [Encoding.plain, Encoding.levels])
        writer.write(3, textList: [encoder.columns[position].name])
        writer.write(4, int32: encoder.options.codec.code)
        writer.write(5, int64: column.valueCount)
        writer.write(6, int64: column.uncompressedByteCount)
        writer.write(7, int64: group.byteCounts[position])
        writer.write(9, int64: offset + column.dataPageOffset)
        if let dictionary = column.dictionaryPageOffset {
            writer.write(11, int64: offset + dictionary)
        }
        writer.write(12) { statistics in
            statistics.write(3, int64: column.nullCount)
            if let count = column.distinctCount { statistics.write(4, int64: count) }
            if let high = column.high { statistics.write(5, binary: high) }
            if let low = column.low { statistics.write(6, binary: low) }
        }
        let pageKinds =
            hasDictionary
            ? [(2, Encoding.plain), (0, Encoding.dictionary)]
            : [(0, Encoding.plain)]
        let pageCount =
            (column.valueCount + ColumnEncoder.pageRowCount - 1)
            / ColumnEncoder.pageRowCount
        writer.write(13, structures: pageKinds) { kind, element in
            element.write(1, int32: kind.0)
            element.write(2, int32: kind.1)
            element.write(3, int32: kind.0 == 2 ? 1 : max(1, pageCount))
        }
    }
}
